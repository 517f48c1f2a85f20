// ExceptionGroup: split and subgroup.
import { ExceptionGroup, RuntimeError } from 'oxbow';

import { thrown } from '../support/outcomes.ts';

const type = new TypeError('type');
const range = new RangeError('range');
const runtime = new RuntimeError('runtime');
const group = new ExceptionGroup('all', [type, new ExceptionGroup('inner', [range, runtime])]);

test('an AggregateError with a count in its message', () => {
  expect(group).toBeInstanceOf(AggregateError);
  expect([group.name, group.message]).toEqual(['ExceptionGroup', 'all (2 sub-exceptions)']);
  expect(group.errors[0]).toBe(type);
  expect(thrown(() => new ExceptionGroup('none', []))).toBeInstanceOf(RangeError);
});

test('split keeps the nesting, the message and the stack', () => {
  const [matching, rest] = group.split(RangeError);
  expect(matching!.message).toBe('all (1 sub-exception)');
  expect((matching!.errors[0] as ExceptionGroup).errors).toEqual([range]);
  expect(rest!.errors[0]).toBe(type);
  expect((rest!.errors[1] as ExceptionGroup).errors).toEqual([runtime]);
  expect(matching!.stack).toBe(group.stack);
});

test('subgroup by class, classes or a function', () => {
  expect(group.subgroup([TypeError, RangeError])!.errors).toHaveLength(2);
  expect(group.subgroup((error) => error === runtime)!.errors).toHaveLength(1);
  expect(group.subgroup(SyntaxError)).toBe(null);
  expect(group.subgroup(Error)).toBe(group);
  expect(group.split(Error)).toEqual([group, null]);
  expect(thrown(() => group.subgroup(5 as never))).toBeInstanceOf(TypeError);
});
