// Hands the microphone's samples to the page, as they come.
registerProcessor("aufnahme", class extends AudioWorkletProcessor {
  process(inputs) {
    if (inputs[0][0]) this.port.postMessage(inputs[0][0].slice());
    return true;
  }
});
