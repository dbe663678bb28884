// nodemailer with a pool: FOLDER PORT MESSAGES SESSIONS BYTES raw|text. Prints seconds, first message to last reply, and its own CPU time.
import { createRequire } from 'node:module';

const [folder, port, messages, sessions, bytes, form] = process.argv.slice(2);
const nodemailer = createRequire(folder + '/package.json')('nodemailer');
const text = ('A line of text as people write it, seventy-six characters with its line end.\r\n'.repeat(1 + Number(bytes) / 78)).slice(0, Number(bytes));
const pool = nodemailer.createTransport({
  host: '127.0.0.1', port: Number(port), secure: false, ignoreTLS: true, pool: true, maxConnections: Number(sessions), maxMessages: Infinity,
});
const mail = form === 'raw'
  ? { envelope: { from: 'sender@bench.example', to: ['recipient@bench.example'] }, raw: Buffer.from('Subject: load\r\n\r\n' + text) }
  : { from: 'sender@bench.example', to: 'recipient@bench.example', subject: 'load', text };

const cpu = process.cpuUsage();
const start = process.hrtime.bigint();
let left = Number(messages);
async function worker() {
  while (left-- > 0) {
    await pool.sendMail({ ...mail });
  }
}
await Promise.all(Array.from({ length: Number(sessions) * 2 }, worker));
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const used = process.cpuUsage(cpu);
pool.close();
console.log(JSON.stringify({ seconds, cpuSeconds: (used.user + used.system) / 1e6 }));
