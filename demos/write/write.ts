import { isInsituError, type Pipeline, pipeline } from 'insitu';
import { describeFailure, hideFailure, showFailure } from '../shared/failure-notice.ts';
import { startModelOnPage } from '../shared/model-on-page.ts';
import { createModelPicker } from '../shared/model-picker.ts';
import { element, part } from '../shared/parts.ts';
import { revealCurrentPage } from '../shared/site-nav.ts';
import { connectThemeToggle } from '../shared/theme-toggle.ts';
import { onPress, setIdle } from '../shared/work-line.ts';
import { beginnings } from './beginnings.ts';
import { createChatLog } from './chat-log.ts';
import { createFrameBuffer } from './frame-buffer.ts';
import { createManuscript } from './manuscript.ts';
import { writingModels } from './model-choices.ts';
import { createOptionsForm } from './options-form.ts';
import { createTally } from './tally.ts';

const runFailure = part(document, 'run-failure', HTMLElement);
const writeButton = part(document, 'write', HTMLButtonElement);
const stopButton = part(document, 'stop', HTMLButtonElement);
const againButton = part(document, 'again', HTMLButtonElement);
const backButton = part(document, 'take-back', HTMLButtonElement);
const newChatButton = part(document, 'new-chat', HTMLButtonElement);
const question = part(document, 'question', HTMLTextAreaElement);
const modes = part(document, 'modes', HTMLFieldSetElement);
const beginningButtons = part(document, 'beginnings', HTMLElement);
const writeKey = part(document, 'write-key', HTMLElement);
const sendKey = part(document, 'send-key', HTMLElement);
const chatNote = part(document, 'chat-note', HTMLElement);
const views = {
  text: part(document, 'text-view', HTMLElement),
  chat: part(document, 'chat-view', HTMLElement),
};

let model: Pipeline<'text-generation'> | undefined;
let running: AbortController | undefined;
let mode: keyof typeof views = 'text';

const manuscript = createManuscript(() => show());
const chat = createChatLog();
const optionsForm = createOptionsForm();
const tally = createTally();

const show = (): void => {
  const isChat = mode === 'chat';
  const isBusy = running !== undefined;
  const hasInput = (isChat ? question.value : manuscript.text).trim() !== '';
  writeButton.textContent = isChat ? 'Send' : 'Write';
  setIdle(writeButton, !model || isBusy || !hasInput);
  setIdle(stopButton, !isBusy);
  setIdle(againButton, !model || isBusy || !manuscript.canTakeBack);
  setIdle(backButton, isBusy || !manuscript.canTakeBack);
  setIdle(newChatButton, isBusy || chat.messages.length === 0);
  againButton.hidden = backButton.hidden = isChat;
  newChatButton.hidden = !isChat;
  beginningButtons.hidden = writeKey.hidden = isChat;
  sendKey.hidden = !isChat;
  modes.disabled = isBusy;
};

interface Paper {
  begin(): void;
  append(text: string): void;
  end(): void;
}

const open = (given: AbortSignal) => {
  const options = { ...optionsForm.read(), signal: given };
  return mode === 'chat'
    ? model!.stream(chat.messages, options)
    : model!.stream(manuscript.text, { ...options, returnFullText: false });
};

const write = async (paper: Paper, retry: () => void): Promise<void> => {
  if (!model || running) return;
  hideFailure(runFailure);
  const { signal } = (running = new AbortController());
  const buffer = createFrameBuffer((text) => {
    paper.append(text);
    tally.draw();
  });
  const startedAt = performance.now();
  paper.begin();
  tally.begin();
  show();
  try {
    const stream = open(signal);
    for await (const piece of stream) {
      tally.count();
      buffer.push(piece);
    }
    buffer.flush();
    const { usage, finishReason } = await stream.result;
    tally.end(usage, finishReason);
    page.record(performance.now() - startedAt);
  } catch (thrown) {
    buffer.flush();
    if (signal.aborted) tally.stopped();
    else {
      tally.failed();
      showFailure(runFailure, describeFailure(thrown, isInsituError), retry);
    }
  } finally {
    running = undefined;
    paper.end();
    show();
  }
};

const writeOn = (): void => {
  if (manuscript.text.trim() !== '') void write(manuscript, writeOn);
};

const ask = (): void => {
  const words = question.value.trim();
  if (words === '' || running || !model) return;
  question.value = '';
  void write(
    {
      begin: () => chat.begin(words),
      append: chat.append,
      end() {
        // What was not answered can be asked again.
        question.value ||= chat.end();
      },
    },
    ask,
  );
};

const go = (): void => (mode === 'chat' ? ask() : writeOn());
const stop = (): void => running?.abort();

const setMode = (next: keyof typeof views): void => {
  mode = next;
  views.text.hidden = mode !== 'text';
  views.chat.hidden = mode !== 'chat';
  hideFailure(runFailure);
  show();
};

const picker = createModelPicker(
  writingModels,
  (other) => ({ ...other, chats: true }),
  () => page.reload(),
);

const showChoice = (): void => {
  const { chats } = picker.chosen;
  part(modes, 'mode-chat', HTMLInputElement).disabled = !chats;
  chatNote.hidden = chats;
  if (chats || mode === 'text') return;
  part(modes, 'mode-text', HTMLInputElement).checked = true;
  setMode('text');
};

const page = startModelOnPage({
  name: () => picker.chosen.reference.replace(/^\/models\/|\/$/g, ''),
  load: (options) => {
    showChoice();
    return pipeline('text-generation', picker.chosen.reference, options);
  },
  isInsituError,
  onReady(loaded) {
    model = loaded;
    show();
  },
  onGone() {
    stop();
    model = undefined;
    show();
  },
});

onPress(writeButton, go);
onPress(stopButton, stop);
onPress(againButton, () => {
  manuscript.takeBack();
  writeOn();
});
onPress(backButton, () => {
  manuscript.takeBack();
  show();
});
onPress(newChatButton, () => {
  chat.clear();
  question.focus();
  show();
});
question.addEventListener('input', show);
modes.addEventListener('change', () => {
  setMode(part(modes, 'mode-chat', HTMLInputElement).checked ? 'chat' : 'text');
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && running) {
    event.preventDefault();
    return stop();
  }
  if (event.key !== 'Enter' || event.isComposing) return;
  const wantsChat = event.target === question && !event.shiftKey;
  if (!wantsChat && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  go();
});

beginningButtons.append(
  ...beginnings.map(({ name, text }) => {
    const button = element('button', 'text-button', name);
    button.type = 'button';
    button.addEventListener('click', () => {
      stop();
      manuscript.replace(text);
      show();
    });
    return button;
  }),
);

manuscript.replace(beginnings[0]?.text ?? '');
show();
connectThemeToggle();
revealCurrentPage();
