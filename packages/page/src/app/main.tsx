// Starts the page in the browser.

import { render } from "preact";

const root = document.getElementById("app");
if (root !== null) render(<h1>Sintonia</h1>, root);
