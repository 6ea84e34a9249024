"""Verifies an export of Mailward's audit log: python3 verify_export.py EXPORT [CHECKPOINT...]"""
import base64, datetime, hashlib, hmac, json, sys
from cryptography.hazmat.primitives.serialization import load_pem_public_key

def line(fields):  # JSON as it is hashed and signed: one line, no blanks, no escapes beyond the necessary
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()
def ms(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)
def check(fits, what):
    if not fits: sys.exit("WRONG: " + what)
def signed(pem, fields, signature):  # raises InvalidSignature when it is not
    load_pem_public_key(pem.encode()).verify(base64.b64decode(signature), line(fields))

records = [json.loads(text) for text in open(sys.argv[1], encoding="utf-8")]
log, rows = records[0], [r for r in records if r["type"] == "row"]
given = [json.loads(text) for path in sys.argv[2:] for text in open(path, encoding="utf-8")]
previous, hashes, facts, erased = "", {0: ""}, [], set()
for number, row in enumerate(rows, 1):
    s, personal, said = row["sequence"], row["personal"], [] if row["facts"] is None else [row["facts"]]
    check(s == number, f"row {number} is missing")
    check(personal is None or hashlib.sha256(personal.encode()).hexdigest() == row["commitment"], f"personal part of row {s}")
    previous = hashlib.sha256(line([previous, s, row["at"], row["action"], *said, row["commitment"]])).hexdigest()
    check(previous == row["hash"], f"row {s} was changed")
    hashes[s] = previous
    facts.append((row["action"], json.loads(row["facts"] or "{}")))
    if row["action"] == "audit.erase": erased |= {e for e in facts[-1][1]["sequences"] if e < s}
check({r["sequence"] for r in rows if r["personal"] is None} <= erased, "a row was erased in silence")
check(len(rows) == log["rows"] and previous == log["head"], "the end of the log")
for c in [r for r in records if r["type"] == "checkpoint"] + given:
    check(c["publicKey"] == log["publicKey"] and c["folder"] == log["folder"], "a checkpoint of another log")
    signed(c["publicKey"], [c["folder"], c["sequence"], c["head"], ms(c["at"])], c["signature"])
    check(hashes.get(c["sequence"]) == c["head"], f"the log is not the one of the checkpoint of row {c['sequence']}")
chained = {f["receipt"]: f["hash"] for action, f in facts if action == "retention.receipt"}
keys = ["id", "kind", "day", "headers", "samples", "bodies", "digest", "bytesBefore", "bytesAfter", "orphans"]
for r in [r for r in records if r["type"] == "receipt"]:
    fields = [*(r[key] for key in keys), ms(r["at"])]
    signed(log["publicKey"], fields, r["signature"])
    check(chained.pop(r["id"]) == hashlib.sha256(line(fields)).hexdigest(), f"receipt {r['id']}")
check(not chained, f"receipts are missing: {sorted(chained)}")
draws, cut = {}, set()
for action, f in facts:
    if action == "custody.restore": cut |= {block for block, story in draws.items() if "close" not in dict(story)}
    if action.startswith("draw."): draws.setdefault((f["account"], f["block"]), []).append((action[5:], f))
closed = 0
for (account, block), story in draws.items():
    told = dict(story)
    before = (account, block - 1)
    check(block == 0 or before in cut or "close" in dict(draws.get(before, [])), f"the block before {account}/{block}")
    if "close" not in told: continue
    check([kind for kind, _ in story] == ["open", "drawn", "close"], f"story of block {account}/{block}")
    secret, round_, words = bytes.fromhex(told["close"]["secret"]), 0, []
    check(hashlib.sha256(secret).hexdigest() == told["open"]["commitment"], f"secret of block {account}/{block}")
    while not words:  # the first big-endian word below the largest multiple of 1000
        digest = hmac.new(secret, f"mailward draw {account} {block} {round_}".encode(), hashlib.sha256).digest()
        words = [w for w in (int.from_bytes(digest[i : i + 4], "big") for i in range(0, 32, 4)) if w < 4294967000]
        round_ += 1
    check(words[0] % 1000 == told["drawn"]["position"], f"position of block {account}/{block}")
    closed += 1
print(f"good: {len(rows)} rows, {closed} closed blocks, head {previous}")
