// The cases of the Autobahn test suite (its published list) as data: what the suite's peer sends,
// and what must come back. The same serve for a server and for a client, which both echo.

/** A frame that the peer sends; masked as its side must. */
export interface Sent {
  readonly opcode: number;
  readonly data: Buffer;
  readonly fin: boolean;
  readonly rsv: number;
}

export interface Case {
  readonly name: string;
  readonly sent: readonly Sent[];
  /** What comes back, as `shown` says it; 'close 1000' is added unless it ends otherwise. */
  readonly heard: readonly string[];
  /** Bytes that are sent at a time; all at once where it is not given. */
  readonly chop?: number;
}

export const CLOSE_NORMAL: Sent = close(1000);

const TEXT = 1;
const BINARY = 2;
const PING = 9;
const PONG = 10;
const more = { fin: false };

function f(
  opcode: number,
  data: string | Uint8Array = '',
  { fin = true, rsv = 0 }: { fin?: boolean; rsv?: number } = {},
): Sent {
  return { opcode, data: Buffer.from(data as string), fin, rsv };
}

function close(code: number, reason: string | Uint8Array = ''): Sent {
  const head = Buffer.from([code >> 8, code & 255]);
  return f(8, Buffer.concat([head, Buffer.from(reason as string)]));
}

const of = (name: string, sent: Sent[], heard: string[], chop?: number): Case => ({
  name,
  sent,
  heard,
  ...(chop === undefined ? {} : { chop }),
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

/** A message in fragments of `size` bytes. */
export function inFragments(opcode: number, data: Uint8Array, size: number): Sent[] {
  const count = Math.max(1, Math.ceil(data.length / size));
  return range(count).map((n) =>
    f(n === 0 ? opcode : 0, data.subarray(n * size, (n + 1) * size), { fin: n === count - 1 }),
  );
}

const shownAs = (kind: string, text: string): string =>
  Buffer.byteLength(text) > 100
    ? `${kind} of ${Buffer.byteLength(text)}`
    : `${kind} ${text}`.trim();

const messages = [0, 125, 126, 127, 128, 65535, 65536].flatMap((size, n) => {
  const text = '*'.repeat(size);
  return [
    of(`1.1.${n + 1}`, [f(TEXT, text)], [shownAs('text', text)]),
    of(`1.2.${n + 1}`, [f(BINARY, text)], [shownAs('binary', text)]),
  ];
});
for (const [n, opcode] of [TEXT, BINARY].entries()) {
  const heard = [`${opcode === TEXT ? 'text' : 'binary'} of 65536`];
  messages.push(of(`1.${n + 1}.8`, [f(opcode, '*'.repeat(65536))], heard, 997));
}

const tooLong = 'close 1002 a control frame of more than 125 bytes';
const ten = range(10).map((n) => f(PING, `p${n}`));
const answers = range(10).map((n) => `pong p${n}`);
const pings = [
  of('2.1', [f(PING)], ['pong']),
  of('2.2', [f(PING, 'Hello, world!')], ['pong Hello, world!']),
  of('2.3', [f(PING, Buffer.from([0, 255, 254, 253]))], ['pong \0\xff\xfe\xfd']),
  of('2.4', [f(PING, Buffer.alloc(125, 0xfe))], ['pong of 125']),
  of('2.5', [f(PING, Buffer.alloc(126, 0xfe))], [tooLong]),
  of('2.6', [f(PING, Buffer.alloc(125, 0xfe))], ['pong of 125'], 1),
  of('2.7', [f(PONG)], []),
  of('2.8', [f(PONG, 'unsolicited')], []),
  of('2.9', [f(PONG, 'unsolicited'), f(PING, 'ping')], ['pong ping']),
  of('2.10', ten, answers),
  of('2.11', ten, answers, 1),
];

const setBits = 'close 1002 reserved bits are set';
const hello = f(TEXT, 'Hello');
const reserved = [
  of('3.1', [f(TEXT, 'Hello', { rsv: 1 })], [setBits]),
  of('3.2', [hello, f(TEXT, 'Hello', { rsv: 2 }), f(PING)], ['text Hello', setBits]),
  of('3.3', [hello, f(TEXT, 'Hello', { rsv: 3 }), f(PING)], ['text Hello', setBits], 11),
  of('3.4', [hello, f(TEXT, 'Hello', { rsv: 4 }), f(PING)], ['text Hello', setBits], 1),
  of('3.5', [f(BINARY, Buffer.from([0, 255]), { rsv: 5 })], [setBits]),
  of('3.6', [f(PING, 'Hello', { rsv: 6 })], [setBits]),
  of('3.7', [f(8, '', { rsv: 7 })], [setBits]),
];

const unknown = 'close 1002 unknown opcode';
const opcodes = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode, n) => {
  const section = n < 5 ? 1 : 2;
  const alone = n % 5 < 2;
  const frame = f(opcode, n % 5 === 0 ? '' : 'reserved opcode');
  return of(
    `4.${section}.${(n % 5) + 1}`,
    alone ? [frame] : [hello, frame, f(PING)],
    alone ? [unknown] : ['text Hello', unknown],
    [undefined, undefined, undefined, 3, 1][n % 5],
  );
});

const fragmented = 'close 1002 a control frame in fragments';
const stray = 'close 1002 a continuation of no message';
const within = 'close 1002 a message within another';
const two = [f(TEXT, 'frag', more), f(0, 'ment')];
const around = [f(TEXT, 'frag', more), f(PING, 'p'), f(0, 'ment')];
const five = [
  f(TEXT, 'f1', more),
  f(0, 'f2', more),
  f(PING, 'p1'),
  f(0, 'f3', more),
  f(0, 'f4', more),
  f(PING, 'p2'),
  f(0, 'f5'),
];
const fragments = [
  of('5.1', [f(PING, 'frag', more), f(0, 'ment')], [fragmented]),
  of('5.2', [f(PONG, 'frag', more), f(0, 'ment')], [fragmented]),
  of('5.3', two, ['text fragment']),
  of('5.4', two, ['text fragment'], 10),
  of('5.5', two, ['text fragment'], 1),
  of('5.6', around, ['pong p', 'text fragment']),
  of('5.7', around, ['pong p', 'text fragment'], 7),
  of('5.8', around, ['pong p', 'text fragment'], 1),
  ...[true, false].flatMap((fin, n) =>
    [undefined, 9, 1].map((chop, m) =>
      of(`5.${9 + n * 3 + m}`, [f(0, 'stray', { fin }), hello], [stray], chop),
    ),
  ),
  of('5.15', [...two, f(0, 'c', more), f(TEXT, 'd')], ['text fragment', stray]),
  of('5.16', [f(0, 'a', more), f(TEXT, 'b', more), f(0, 'c')], [stray]),
  of('5.17', [f(0, 'a'), f(TEXT, 'b', more), f(0, 'c')], [stray]),
  of('5.18', [f(TEXT, 'a', more), f(TEXT, 'b')], [within]),
  of('5.19', five, ['pong p1', 'pong p2', 'text f1f2f3f4f5'], 8),
  of('5.20', five, ['pong p1', 'pong p2', 'text f1f2f3f4f5']),
];

const notUtf8 = 'close 1007 text that is not UTF-8';
/** κόσμε, with the letter of three bytes that the suite has. */
const greek = Buffer.from('cebae1bdb9cf83cebcceb5', 'hex');
export const VALID = 'Hello-µ@ßöäüàá-UTF-8!!';
export const INVALID = Buffer.concat([greek, Buffer.from('eda080656469746564', 'hex')]);
const late = [greek, Buffer.from('f4908080', 'hex'), Buffer.from('edited')] as const;
const split = [
  Buffer.concat([greek, Buffer.from('f4', 'hex')]),
  Buffer.from('90', 'hex'),
  Buffer.from('8080656469746564', 'hex'),
] as const;
const asFragments = (parts: readonly Buffer[]): Sent[] =>
  parts.map((part, n) => f(n === 0 ? TEXT : 0, part, { fin: n === 2 }));

/** Texts of sections 6.5 to 6.23 in hexadecimal, by whether they are UTF-8. */
const SEQUENCES: Array<[section: number, valid: boolean, texts: string[]]> = [
  [5, true, ['$', '¢', '€', '𤭢'].map((one) => hexOf(`hello${one}world`))],
  [5, true, [greek.toString('hex')]],
  [7, true, ['00', 'c280', 'e0a080', 'f0908080']],
  [8, false, ['f888808080', 'fc8480808080']],
  [9, true, ['7f', 'dfbf', 'efbfbf', 'f48fbfbf']],
  [10, false, ['f7bfbfbf', 'fbbfbfbfbf', 'fdbfbfbfbfbf']],
  [11, true, ['ed9fbf', 'ee8080', 'efbfbd', 'f48fbfbf']],
  [11, false, ['f4908080']],
  [12, false, ['80', 'bf', '80bf', '80bf80', '80bf80bf', '80bf80bf80', '80bf80bf80bf']],
  [
    12,
    false,
    [
      range(64)
        .map((n) => hex(0x80 + n))
        .join(''),
    ],
  ],
  [
    13,
    false,
    [lonely(0xc0, 32), lonely(0xe0, 16), lonely(0xf0, 8), lonely(0xf8, 4), lonely(0xfc, 2)],
  ],
  [14, false, ['c0', 'e080', 'f08080', 'f8808080', 'fc80808080']],
  [14, false, ['df', 'efbf', 'f7bfbf', 'fbbfbfbf', 'fdbfbfbfbf']],
  [15, false, ['c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf']],
  [16, false, ['fe', 'ff', 'fefeffff']],
  [17, false, ['c0af', 'e080af', 'f08080af', 'f8808080af', 'fc80808080af']],
  [18, false, ['c1bf', 'e09fbf', 'f08fbfbf', 'f887bfbfbf', 'fc83bfbfbfbf']],
  [19, false, ['c080', 'e08080', 'f0808080', 'f880808080', 'fc8080808080']],
  [20, false, ['eda080', 'edadbf', 'edae80', 'edafbf', 'edb080', 'edbe80', 'edbfbf']],
  [
    21,
    false,
    ['eda080', 'edadbf', 'edae80', 'edafbf'].flatMap((high) => [`${high}edb080`, `${high}edbfbf`]),
  ],
  [
    22,
    true,
    range(17).flatMap((plane) =>
      [0xfffe, 0xffff].map((last) => hexOf(String.fromCodePoint(plane * 0x10000 + last))),
    ),
  ],
  [23, true, range(7).map((n) => hexOf(String.fromCodePoint(0xfff9 + n)))],
];

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** Bytes that begin a character, each with a space behind it. */
function lonely(first: number, count: number): string {
  return range(count)
    .map((n) => `${hex(first + n)}20`)
    .join('');
}

const places = new Map<number, number>();
const utf8 = [
  of('6.1.1', [f(TEXT)], ['text']),
  of('6.1.2', [f(TEXT, '', more), f(0, '', more), f(0)], ['text']),
  of('6.1.3', [f(TEXT, '', more), f(0, 'middle', more), f(0)], ['text middle']),
  of('6.2.1', [f(TEXT, VALID)], [`text ${VALID}`]),
  of('6.2.2', [f(TEXT, VALID.slice(0, 12), more), f(0, VALID.slice(12))], [`text ${VALID}`]),
  of('6.2.3', inFragments(TEXT, Buffer.from(VALID), 1), [`text ${VALID}`]),
  of('6.2.4', inFragments(TEXT, greek, 1), [`text ${greek.toString()}`]),
  of('6.3.1', [f(TEXT, INVALID)], [notUtf8]),
  of('6.3.2', inFragments(TEXT, INVALID, 1), [notUtf8]),
  // Refused as soon as it cannot become right, though the message goes on.
  of('6.4.1', asFragments(late).slice(0, 2), [notUtf8]),
  of('6.4.2', asFragments(split).slice(0, 2), [notUtf8]),
  of('6.4.3', [f(TEXT, Buffer.concat(late))], [notUtf8], 17),
  of('6.4.4', [f(TEXT, Buffer.concat(split))], [notUtf8], 18),
  ...range(greek.length).map((n) => {
    const text = greek.subarray(0, n + 1);
    const whole = Buffer.from(text.toString()).equals(text);
    return of(`6.6.${n + 1}`, [f(TEXT, text)], [whole ? `text ${text.toString()}` : notUtf8]);
  }),
  ...SEQUENCES.flatMap(([section, valid, texts]) =>
    texts.map((text) => {
      const place = (places.get(section) ?? 0) + 1;
      places.set(section, place);
      const bytes = Buffer.from(text, 'hex');
      const heard = valid ? `text ${bytes.toString()}`.trim() : notUtf8;
      return of(`6.${section}.${place}`, [f(TEXT, bytes)], [heard]);
    }),
  ),
];

const wrongCode = 'close 1002 an invalid close code';
const ends = [
  of('7.1.1', [hello, CLOSE_NORMAL], ['text Hello', 'close 1000']),
  of('7.1.2', [CLOSE_NORMAL, CLOSE_NORMAL], ['close 1000']),
  of('7.1.3', [CLOSE_NORMAL, f(PING)], ['close 1000']),
  of('7.1.4', [CLOSE_NORMAL, f(TEXT, 'late')], ['close 1000']),
  of('7.1.5', [f(TEXT, 'frag', more), CLOSE_NORMAL, f(0, 'ment')], ['close 1000']),
  of(
    '7.1.6',
    [f(TEXT, '*'.repeat(262144)), hello, CLOSE_NORMAL, f(PING)],
    ['text of 262144', 'text Hello', 'close 1000'],
  ),
  of('7.3.1', [f(8)], ['close']),
  of('7.3.2', [f(8, 'a')], [wrongCode]),
  of('7.3.3', [CLOSE_NORMAL], ['close 1000']),
  of('7.3.4', [close(1000, 'Hello World!')], ['close 1000 Hello World!']),
  of('7.3.5', [close(1000, '*'.repeat(123))], [`close 1000 ${'*'.repeat(123)}`]),
  of('7.3.6', [close(1000, '*'.repeat(124))], [tooLong]),
  of('7.5.1', [close(1000, INVALID)], [notUtf8]),
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code, n) =>
    of(`7.7.${n + 1}`, [close(code)], [`close ${code}`]),
  ),
  ...[0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999].map((code, n) =>
    of(`7.9.${n + 1}`, [close(code)], [wrongCode]),
  ),
  of('7.13.1', [close(5000)], [wrongCode]),
  of('7.13.2', [close(65535)], [wrongCode]),
];

const KIB = 1024;
const MIB = KIB * KIB;
const texts = new Map<number, Buffer>();

/** Letters, and now and then one of two bytes that no cut respects. */
function textOf(size: number): Buffer {
  let text = texts.get(size);
  if (text === undefined) {
    text = Buffer.alloc(size, `${'Lorem ipsum dolor sit amet. '.repeat(9)}ä`);
    // The last may be cut in the middle of a letter.
    if (size > 0) text.fill('.', Math.max(0, size - 2));
    if (!Buffer.from(text.toString()).equals(text)) text.fill('.', Math.max(0, size - 300));
    texts.set(size, text);
  }
  return text;
}

const KINDS = ['text', 'binary'] as const;

function whole(name: string, kind: number, size: number, chop?: number): Case {
  return of(name, [f(kind + 1, textOf(size))], [`${KINDS[kind]!} of ${size}`], chop);
}

const large = [0, 1].flatMap((kind) =>
  [64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB].map((size, n) =>
    whole(`9.${1 + kind}.${n + 1}`, kind, size),
  ),
);

// The suite's have 4 MiB in all; a quarter is enough for fragments of all sizes.
const largeFragments = [0, 1].flatMap((kind) =>
  [64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB / 2, MIB].map((size, n) =>
    of(`9.${3 + kind}.${n + 1}`, inFragments(kind + 1, textOf(MIB), size), [
      `${KINDS[kind]!} of ${MIB}`,
    ]),
  ),
);
largeFragments.push(of('10.1.1', inFragments(TEXT, textOf(65536), 1300), ['text of 65536']));

const chopped = [0, 1].flatMap((kind) =>
  [64, 128, 256, 512, KIB, 2 * KIB].map((chop, n) =>
    whole(`9.${5 + kind}.${n + 1}`, kind, 64 * KIB, chop),
  ),
);

const many = [0, 1].flatMap((kind) =>
  [0, 16, 64, 256, KIB, 4 * KIB].map((size, n) =>
    of(
      `9.${7 + kind}.${n + 1}`,
      range(1000).map(() => f(kind + 1, textOf(size))),
      range(1000).map(() => shownAs(KINDS[kind]!, textOf(size).toString())),
    ),
  ),
);

/** By section. */
export const SECTIONS: Readonly<Record<string, Case[]>> = {
  '1, messages': messages,
  '2, pings and pongs': pings,
  '3, reserved bits': reserved,
  '4, opcodes': opcodes,
  '5, fragments': fragments,
  '6, UTF-8': utf8,
  '7, closing': ends,
  '9.1 and 9.2, large messages': large,
  '9.3, 9.4 and 10, in fragments': largeFragments,
  '9.5 and 9.6, that come in pieces': chopped,
  '9.7 and 9.8, a thousand': many,
};
