// Reads an AsyncAPI document with the parser of AsyncAPI itself; prints what is wrong with it, and fails if something is.
import { readFileSync } from "node:fs";
import parser from "@asyncapi/parser";

const { document, diagnostics } = await new parser.Parser().parse(readFileSync(process.argv[2], "utf8"));
// 0 is an error, 1 a warning; below are hints about taste.
const wrong = diagnostics.filter(({ severity }) => severity <= 1);
for (const { severity, message, path } of wrong) {
    console.error(`${severity === 0 ? "error" : "warning"}: ${path.join("/")}: ${message}`);
}
if (!document || wrong.length > 0) {
    process.exit(1);
}
console.log(`asyncapi.json: ${document.channels().length} channels, ${document.operations().length} operations, nothing to say`);
