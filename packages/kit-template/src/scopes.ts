/** Which variables a template has made, known when it is compiled: each has a slot. */
export interface Scopes {
  /** How many slots a rendering needs. */
  size(): number;
  /** Where a name may be found, innermost first. If it is not sure, it may also be a root variable. */
  find(name: string): { readonly slots: readonly number[]; readonly isSure: boolean };
  /** Something has looked for the variable in this slot. */
  isRead(slot: number): boolean;
  /** Makes a variable in the innermost scope, or finds the one of that name that is there. */
  declare(name: string): number;
  /** Compiles inside a scope of its own. Gives the slots that were made in it. */
  inner<Result>(compile: () => Result): { readonly result: Result; readonly slots: number[] };
  /** Compiles what may be left out: a variable that is set there is not sure afterwards. */
  maybe<Result>(compile: () => Result): Result;
}

interface Variable {
  readonly slot: number;
  /** Every way to this point of the template sets it. */
  isSure: boolean;
}

/** Makes the scopes of one template. A loop and `with` have their own, `if` has none, as in Jinja. */
export function scopes(): Scopes {
  const stack = [new Map<string, Variable>()];
  const read = new Set<number>();
  let size = 0;
  const innermost = (): Map<string, Variable> => stack.at(-1) as Map<string, Variable>;

  return {
    size: () => size,
    find(name) {
      const slots: number[] = [];
      for (const scope of stack.toReversed()) {
        const variable = scope.get(name);
        if (variable === undefined) continue;
        slots.push(variable.slot);
        read.add(variable.slot);
        if (variable.isSure) return { slots, isSure: true };
      }
      return { slots, isSure: false };
    },
    isRead: (slot) => read.has(slot),
    declare(name) {
      const variable = innermost().get(name) ?? { slot: size, isSure: true };
      if (variable.slot === size) size++;
      variable.isSure = true;
      innermost().set(name, variable);
      return variable.slot;
    },
    inner(compile) {
      const scope = new Map<string, Variable>();
      stack.push(scope);
      const result = compile();
      stack.pop();
      return { result, slots: Array.from(scope.values(), ({ slot }) => slot) };
    },
    maybe(compile) {
      const scope = innermost();
      const sure = new Set(Array.from(scope.values()).filter(({ isSure }) => isSure));
      const result = compile();
      for (const variable of scope.values()) variable.isSure = sure.has(variable);
      return result;
    },
  };
}
