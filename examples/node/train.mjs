// Fits a line by gradient descent with momentum, in plain JavaScript.
import { writeFileSync } from "node:fs";
import { artifacts, report, seed, values } from "./sintonia.mjs";

const { rate, momentum } = values({ rate: 0.1, momentum: 0.5 });

/** Park and Miller's generator of numbers in (0, 1). */
let state = (seed() % 2147483646) + 1;
function random() {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}

const points = Array.from({ length: 200 }, () => {
  const x = 2 * random() - 1;
  return { x, y: 3 * x - 1 + 0.2 * (random() - 0.5) };
});

let [slope, offset, slopeSpeed, offsetSpeed] = [0, 0, 0, 0];
for (let epoch = 0; epoch < 20; epoch++) {
  let loss = 0;
  for (const { x, y } of points) {
    const error = slope * x + offset - y;
    slopeSpeed = momentum * slopeSpeed - rate * error * x;
    offsetSpeed = momentum * offsetSpeed - rate * error;
    slope += slopeSpeed;
    offset += offsetSpeed;
    loss += error ** 2 / points.length;
  }
  if (!report({ loss }, { epoch })) break;
}
writeFileSync(`${artifacts()}/line.json`, JSON.stringify({ slope, offset }));
