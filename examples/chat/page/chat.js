// The first line that is sent is the name; from then on each is said to all.
const messages = document.getElementById('messages');
const here = document.getElementById('here');
const form = document.getElementById('form');
const input = document.getElementById('text');
let socket = null;
let own = '';

function show(kind, text, name) {
  const item = document.createElement('li');
  item.className = kind;
  if (name) item.append(Object.assign(document.createElement('b'), { textContent: name }));
  item.append(Object.assign(document.createElement('span'), { textContent: text }));
  messages.append(item);
  item.scrollIntoView({ block: 'end' });
}

function join(name) {
  own = name;
  const url = new URL(`room?name=${encodeURIComponent(name)}`, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  socket = new WebSocket(url);
  socket.onopen = () => {
    input.placeholder = 'Say something';
    form.querySelector('button').textContent = 'Send';
  };
  socket.onmessage = ({ data }) => {
    const { name: from, text, note, here: count } = JSON.parse(data);
    here.textContent = count === 1 ? 'you are alone' : `${count} are here`;
    if (note) show('note', note);
    else show(from === own ? 'own' : 'other', text, from === own ? '' : from);
  };
  socket.onclose = () => {
    here.textContent = 'not connected';
    show('note', 'the connection is gone');
    socket = null;
    input.placeholder = 'Your name, to join again';
    form.querySelector('button').textContent = 'Join';
  };
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (text === '') return;
  if (socket === null) join(text);
  else socket.send(text);
  input.value = '';
});
