// The kernels of src/numeric/kernels, compiled to one WebAssembly module that imports its memory
// from the caller.
//
// Arrays hold float64 numbers and are passed by their byte offsets. A triangle is a packed lower
// triangle as in src/numeric/triangle.ts. The two lanes of a vector use the same operations, and
// each sum runs in the order of its index: results are the same bits on every machine.

export { factorize } from "./factorize";
export { invertLower } from "./invert";
export { affine, correlations, distances, distancesToFour } from "./matern";
export { multiplyFour, squareTransposed } from "./multiply";
