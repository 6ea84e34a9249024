/** The first version of the policy, until a person writes another: what this relay promises, in plain words. */

/** One line an item: letters break it where it gets long. */
const lines = [
  'What this relay keeps of your mail',
  '',
  '1. The headers of every message (who sent it, to whom, when, the header block, what became of it) are ' +
    'kept for the number of days this policy states below, never more than 70. Then they are gone: destroyed, ' +
    'not only hidden.',
  '2. The content of a message is kept only until it is delivered, or given up.',
  '3. One whole message in a thousand of each account is stored, encrypted, for the same number of days. ' +
    'Which one is drawn so that nobody can foresee it, and anybody can check it afterwards. The running relay ' +
    'cannot read what it has stored.',
  '4. A stored message is opened only on a suspicion of abuse, for a reason out of the terms of service, by ' +
    'a person who is named, and where there are two reviewers with the consent of a second one. Every opening ' +
    'is recorded, and the account sees it in its own report.',
  '5. An account can ask that no messages of its own are stored. An admin decides, with a reason and a date ' +
    'to look again.',
  '',
  'What it is used for',
  '',
  '6. Headers are used to deliver mail, to answer questions about it, and to find abuse. Nothing is sold, ' +
    'and nothing is used for advertising. Who gets data from us, and what, stands in the list of those it is ' +
    'shared with.',
  '7. Authorities get data only on a demand that is based on law, after two persons have checked it. You are ' +
    'told, unless a law forbids it; then you are told when that ends.',
  '',
  'Your rights',
  '',
  '8. You can ask what is held of you, have it corrected, deleted or handed over, object to its use, or have ' +
    'it restricted. So can everybody an account has written to. Write to privacy@ at this relay. We answer ' +
    'within 30 days.',
  '9. What is deleted is really gone, and does not come back with a backup. You get the number of a signed receipt.',
  '10. Mailings of our own are only for those who agreed to them. Every one of them says how to end it.',
  '',
  'Changes',
  '',
  '11. Before this policy changes, the contact of every account gets a letter that says what changes and ' +
    'when. What is kept already is never kept longer by a change.',
]

/** The days it speaks of are those the version states; nothing here depends on a setting. */
export const firstPolicyText = lines.join('\n')
