// A short sound, made by the browser itself.

/** Two rising tones. Nothing where there is no sound, or before anybody touched the page: browsers allow none then. */
export function chime(): void {
  if (!("AudioContext" in window) || !navigator.userActivation?.hasBeenActive) return;
  const audio = new AudioContext();
  const volume = audio.createGain();
  volume.connect(audio.destination);
  volume.gain.setValueAtTime(0.15, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.6);
  const tones = [660, 880].map((frequency, place) => {
    const tone = new OscillatorNode(audio, { type: "sine", frequency });
    tone.connect(volume);
    tone.start(audio.currentTime + 0.15 * place);
    tone.stop(audio.currentTime + 0.15 * place + 0.4);
    return tone;
  });
  tones.at(-1)?.addEventListener("ended", () => audio.close());
}
