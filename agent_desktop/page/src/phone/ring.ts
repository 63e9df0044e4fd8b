/** The ring tone of the browser phone: two soft notes every three seconds, made on the spot, no file needed. And a single note for what is no call. */

const NOTES = [
  { hertz: 660, start: 0, length: 0.35 },
  { hertz: 880, start: 0.4, length: 0.5 },
];
const EVERY = 3000;
const LOUD = 0.18;
const SOFT = 0.06;

interface Note {
  hertz: number;
  start: number;
  length: number;
}

export class RingTone {
  private context: AudioContext | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  start(): void {
    if (this.timer !== undefined) return;
    this.context ??= new AudioContext();
    // Browsers keep a page silent until its user has clicked in it once; nothing can be done about a refusal here.
    void this.context.resume();
    this.sound();
    this.timer = setInterval(() => this.sound(), EVERY);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    void this.context?.suspend();
  }

  private sound(): void {
    const context = this.context;
    if (context === null) return;
    for (const note of NOTES) play(context, note, LOUD);
  }
}

/** One soft note, once. */
export function chime(): void {
  const context = new AudioContext();
  void context.resume();
  play(context, { hertz: 523, start: 0, length: 0.8 }, SOFT).onended = () => void context.close();
}

function play(context: AudioContext, { hertz, start, length }: Note, loud: number): OscillatorNode {
  const at = context.currentTime + start;
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loud, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + length);
  const note = new OscillatorNode(context, { frequency: hertz });
  note.connect(gain).connect(context.destination);
  note.start(at);
  note.stop(at + length);
  return note;
}
