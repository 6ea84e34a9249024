/**
 * Calls into a worker thread, checked by the compiler. A thread offers subjects, objects whose methods are its operations;
 * from outside each method looks the same and answers with a promise. No name is written down twice, and none as a text.
 */

/** What a thread offers, by subject. */
export type Subjects = Record<string, object>

/** A subject as it is called from another thread. */
export type RemoteSubject<T> = {
  readonly [M in keyof T as T[M] extends (...given: never[]) => unknown ? M : never]: T[M] extends (
    ...given: infer A
  ) => infer R
    ? (...given: A) => Promise<R>
    : never
}

/** A thread as it is called from another one. */
export type Remote<S> = { readonly [K in keyof S]: RemoteSubject<S[K]> }

/** An operation as it crosses, such as `queue.accept`. */
export type OperationName<S> = {
  [K in keyof S & string]: `${K}.${keyof RemoteSubject<S[K]> & string}`
}[keyof S & string]

/** Answers an operation. What it is given was checked where it was called. */
export type Operation = (...given: never[]) => unknown

/** An object whose properties are made when they are first asked for. It is no promise, whatever awaits it. */
function made<T>(make: (name: string) => T): Record<string, T> {
  return new Proxy<Record<string, T>>(
    {},
    {
      get(known, name) {
        if (typeof name !== 'string' || name === 'then') return undefined
        known[name] ??= make(name)
        return known[name]
      },
    },
  )
}

/** The calls of a thread. Each operation's function is made once, with its name. */
export function remote<S>(send: (operation: string, given: unknown[]) => Promise<unknown>): Remote<S> {
  const calls = made((subject) =>
    made((method) => {
      const operation = `${subject}.${method}`
      return (...given: unknown[]) => send(operation, given)
    }),
  )
  return calls as Remote<S>
}

/** Names of an object's methods, those it inherits from its classes included. */
function methodsOf(subject: object): string[] {
  const names = new Set<string>()
  for (let level = subject; level !== Object.prototype && level !== null; level = Object.getPrototypeOf(level))
    for (const name of Object.getOwnPropertyNames(level)) if (name !== 'constructor') names.add(name)
  return [...names].filter((name) => typeof (subject as Record<string, unknown>)[name] === 'function')
}

/** The operations of a thread by the name they cross under. */
export function operationsOf(subjects: Subjects): ReadonlyMap<string, Operation> {
  const operations = new Map<string, Operation>()
  for (const [subject, object] of Object.entries(subjects))
    for (const method of methodsOf(object)) {
      const run = (object as Record<string, Operation>)[method]!
      operations.set(`${subject}.${method}`, run.bind(object))
    }
  return operations
}

/** What can be called on a class's objects. */
interface Class<T> {
  readonly prototype: T
}

/** Nothing, where two subjects have a method of the same name. */
type Apart<R, W> = keyof RemoteSubject<R> & keyof RemoteSubject<W> extends never ? unknown : never

/**
 * One subject of two threads: what the one class can do is asked of the one, what the other can of the other. Two methods
 * of one name do not compile; of private ones, which nobody calls, it does not matter.
 */
export function joined<R extends object, W extends object>(
  [reading, reader]: [Class<R>, RemoteSubject<R>],
  [writing, writer]: [Class<W>, RemoteSubject<W> & Apart<R, W>],
): RemoteSubject<R> & RemoteSubject<W> {
  const reads = methodsOf(reading.prototype).map((name) => [name, reader[name as keyof RemoteSubject<R>]] as const)
  const writes = methodsOf(writing.prototype).map((name) => [name, writer[name as keyof RemoteSubject<W>]] as const)
  return Object.fromEntries<unknown>([...reads, ...writes]) as RemoteSubject<R> & RemoteSubject<W>
}
