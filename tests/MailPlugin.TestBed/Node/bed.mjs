// Two modes. "serve": an SMTP server with implicit TLS and one with STARTTLS; each mail it takes becomes a line of JSON in a file.
// "parse": the message on standard input becomes JSON on standard output.
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [mode, modules, folder] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { simpleParser } = require('mailparser');

const addresses = (field) => (field ? [field].flat().flatMap((one) => one.value) : []).map(({ address, name }) => ({ address, name }));

async function parse(message) {
  const mail = await simpleParser(message, { skipTextToHtml: true, skipHtmlToText: true, skipImageLinks: true });
  return {
    subject: mail.subject ?? null,
    from: addresses(mail.from),
    sender: addresses(mail.headers.get('sender')),
    to: addresses(mail.to),
    cc: addresses(mail.cc),
    bcc: addresses(mail.bcc),
    replyTo: addresses(mail.replyTo),
    messageId: mail.messageId ?? null,
    inReplyTo: mail.inReplyTo ?? null,
    references: [mail.references ?? []].flat(),
    date: mail.date?.toISOString() ?? null,
    text: mail.text ?? null,
    html: mail.html || null,
    headers: mail.headerLines.map(({ key, line }) => ({ name: key, line })),
    attachments: mail.attachments.map((part) => ({
      name: part.filename ?? null,
      contentType: part.contentType,
      disposition: part.contentDisposition ?? null,
      contentId: part.cid ?? null,
      related: part.related ?? false,
      size: part.size,
      sha256: createHash('sha256').update(part.content).digest('hex'),
    })),
  };
}

async function serve() {
  const { SMTPServer } = require('smtp-server');
  const options = JSON.parse(readFileSync(`${folder}/options.json`, 'utf8'));
  const mails = `${folder}/mails.jsonl`;
  writeFileSync(mails, '');
  const server = (more) => new SMTPServer({
    key: readFileSync(`${folder}/pki/key.pem`),
    cert: readFileSync(`${folder}/pki/chain.pem`),
    authMethods: options.mechanisms,
    authOptional: !options.loginNeeded,
    size: 20_000_000,
    disableReverseLookup: true,
    onAuth(login, session, done) {
      const good = login.method === 'XOAUTH2' ? login.accessToken === options.accessToken
        : login.method === 'CRAM-MD5' ? login.validatePassword(options.password)
          : login.password === options.password;
      if (good && login.username === options.userName) return done(null, { user: login.username });
      return login.method === 'XOAUTH2' ? done(null, { data: { status: '401', schemes: 'bearer' } }) : done(new Error('Wrong user name or password'));
    },
    onData(stream, session, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', async () => {
        try {
          const raw = Buffer.concat(chunks);
          const { mailFrom, rcptTo } = session.envelope;
          const line = {
            ...await parse(raw), envelope: { from: mailFrom.address, to: rcptTo.map((one) => one.address) },
            user: session.user ?? null, secure: session.secure, ehlo: session.hostNameAppearsAs, raw: raw.toString('base64'),
          };
          appendFileSync(mails, `${JSON.stringify(line)}\n`);
          done();
        } catch (fault) {
          done(fault);
        }
      });
    },
    ...more,
  }).on('error', (fault) => console.error(String(fault)));

  const listen = (one) => new Promise((resolve) => {
    const listener = one.listen(0, '127.0.0.1', () => resolve(listener.address().port));
  });
  const ports = [await listen(server({})), await listen(server({ secure: true }))];
  writeFileSync(`${folder}/ports.new`, JSON.stringify(ports));
  renameSync(`${folder}/ports.new`, `${folder}/ports.json`);
}

if (mode === 'serve') {
  await serve();
} else {
  process.stdout.write(JSON.stringify(await parse(readFileSync(0))));
}
