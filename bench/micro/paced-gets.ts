// paced-gets --port N --rate N --messages N --says N: GETs at an even rate over kept connections,
// by Node's own client, which retries nothing. Reports progress `says` times, evenly. The figure is
// the number of failures.
import http from 'node:http';

import { countArgument, report } from './measure.ts';

const port = countArgument('port');
const rate = countArgument('rate');
const messages = countArgument('messages');
const says = countArgument('says');

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
let sent = 0;
let answered = 0;
let failed = 0;

function ask(): void {
  let over = false;
  const end = (isRight: boolean): void => {
    if (over) return;
    over = true;
    if (isRight) answered++;
    else failed++;
    if (answered + failed === messages) finish();
  };
  const request = http.get({ host: '127.0.0.1', port, agent }, (response) => {
    let size = 0;
    response.on('data', (piece: Buffer) => (size += piece.length));
    response.on('end', () => end(response.statusCode === 200 && size === 13));
    response.on('error', () => end(false));
  });
  request.on('error', () => end(false));
}

function finish(): void {
  agent.destroy();
  report(failed, { done: answered + failed, expected: messages }, { answered });
}

const start = performance.now();
let said = 0;
const timer = setInterval(() => {
  const due = Math.min(((performance.now() - start) / 1000) * rate, messages);
  for (; sent < due; sent++) ask();
  if (said < says && sent > ((said + 1) * messages) / (says + 1)) {
    process.stdout.write(`${JSON.stringify({ sent })}\n`);
    said++;
  }
  if (sent === messages) clearInterval(timer);
}, 5);
