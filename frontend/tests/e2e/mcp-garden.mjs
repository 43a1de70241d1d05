// An MCP server over stdio with one tool, by hand: what Settings add in a test is a real program.
import { createInterface } from 'node:readline';

const water = {
  name: 'water',
  description: 'Waters a bed of the garden.',
  inputSchema: { type: 'object', properties: { bed: { type: 'string' } }, required: ['bed'] },
};

function answer({ method, params }) {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'garden', version: '1' },
      };
    case 'ping':
      return {};
    case 'tools/list':
      return { tools: [water] };
    case 'tools/call': {
      const can = process.env.GARDEN_CAN ?? 'no can';
      return { content: [{ type: 'text', text: `The bed of ${params.arguments.bed} is wet, by ${can}.` }] };
    }
    default:
      return null;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.id === undefined) continue; // a notification
  const result = answer(request);
  const said = result === null ? { error: { code: -32601, message: 'There is no such method.' } } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: request.id, ...said })}\n`);
}
