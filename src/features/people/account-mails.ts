import type { AccountMail } from './account-mail.port.js';

type MailText = Pick<AccountMail, 'subject' | 'text' | 'html'>;

const MAX_SUBJECT = 150;

export function invitationMail(shop: string, role: string, secret: string, days: number): MailText {
  return mail(`You are invited to ${shop}`, [
    `You are invited to work in ${shop} with Stockroom, as ${role.toLowerCase()}.`,
    `Enter this code where you sign in. It is good for ${String(days)} days and can be used once:`,
    secret,
    'If you do not know this shop, you need not do anything.',
  ]);
}

export function resetMail(secret: string, minutes: number): MailText {
  return mail('A new password for Stockroom', [
    'Somebody, perhaps you, has asked for a new password for your account.',
    `Enter this code where you sign in. It is good for ${String(minutes)} minutes and can be used once:`,
    secret,
    'If it was not you, you need not do anything: your password stays as it is.',
  ]);
}

/** Names may hold anything: none of it becomes a line of the header or a part of the page. */
function mail(subject: string, paragraphs: readonly string[]): MailText {
  const lines = paragraphs.map(oneLine);
  return {
    subject: oneLine(subject).slice(0, MAX_SUBJECT).toWellFormed(),
    text: `${lines.join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="en"><meta charset="utf-8"><body>\n${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}\n</body></html>\n`,
  };
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
