/** A FormData as a body: multipart/form-data (RFC 7578), as WHATWG's `fetch` writes it. */
import { makeBoundary } from './boundary.ts';

type Entry = readonly [string, string | Blob];

/**
 * A form as a body. Its size is known; its files are read while it is sent, and it can be sent
 * again.
 */
export class MultipartBody implements AsyncIterable<Uint8Array> {
  readonly boundary: string = makeBoundary();
  /** The total size in bytes. */
  readonly size: number;
  readonly #parts: Array<{ head: Buffer; value: Uint8Array | Blob }>;
  readonly #end: Buffer;

  constructor(form: FormData) {
    this.#parts = [...(form as unknown as Iterable<Entry>)].map(([name, value]) =>
      this.#part(name, value),
    );
    this.#end = Buffer.from(`--${this.boundary}--\r\n`, 'latin1');
    let size = this.#end.length;
    for (const { head, value } of this.#parts) {
      size += head.length + (value instanceof Uint8Array ? value.length : value.size) + 2;
    }
    this.size = size;
  }

  get type(): string {
    return `multipart/form-data; boundary=${this.boundary}`;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (const { head, value } of this.#parts) {
      yield head;
      if (value instanceof Uint8Array) yield value;
      else yield* value.stream() as unknown as AsyncIterable<Uint8Array>;
      yield CRLF;
    }
    yield this.#end;
  }

  #part(name: string, value: string | Blob): { head: Buffer; value: Uint8Array | Blob } {
    let head = `--${this.boundary}\r\ncontent-disposition: form-data; name="${escape(lines(name))}"`;
    if (typeof value === 'string') {
      return { head: Buffer.from(`${head}\r\n\r\n`), value: Buffer.from(lines(value)) };
    }
    const { name: file = 'blob' } = value as { name?: string };
    head += `; filename="${escape(file)}"\r\n`;
    head += `content-type: ${value.type === '' ? 'application/octet-stream' : value.type}\r\n\r\n`;
    return { head: Buffer.from(head), value };
  }
}

const CRLF = Buffer.from('\r\n', 'latin1');

/** Normalises line breaks to CR LF, as forms require. */
function lines(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n');
}

/** Escapes the characters that would end the quoted name, or its line. */
function escape(text: string): string {
  return text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}
