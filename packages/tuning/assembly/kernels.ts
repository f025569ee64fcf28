// The kernels of numeric/kernels, compiled to one WebAssembly module over memory of the caller's. The two lanes of a vector are
// computed alike, and every sum runs in the order of its index: results are the same on every machine, to the bit.
//
// Addresses are bytes. Arrays are of float64.

export { factorize } from "./factorize";
export { invertLower } from "./invert";
export { affine, correlations, distances, distancesToFour } from "./matern";
export { multiplyFour, squareTransposed } from "./multiply";
