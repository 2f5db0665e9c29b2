import { toBuffer } from 'bwip-js/node';
import sharp, { type Sharp } from 'sharp';

const GROUP_SEPARATOR = '\x1d';

/** What is drawn, and what is to be read of it. */
export interface Drawn {
  readonly name: string;
  /** As bwip-js names it. */
  readonly bcid: string;
  readonly draws: string;
  readonly symbology: string;
  readonly text: string;
}

export const DRAWN: readonly Drawn[] = [
  { name: 'EAN-13', bcid: 'ean13', draws: '6001087340007', symbology: ']E0', text: '6001087340007' },
  {
    name: 'EAN-13 with an add-on of five',
    bcid: 'ean13',
    draws: '9780735200449 51299',
    symbology: ']E3',
    text: '978073520044951299',
  },
  { name: 'EAN-13 with an add-on of two', bcid: 'ean13', draws: '9771234567003 05', symbology: ']E3', text: '977123456700305' },
  { name: 'EAN-8', bcid: 'ean8', draws: '12345670', symbology: ']E4', text: '12345670' },
  { name: 'UPC-A', bcid: 'upca', draws: '036000291452', symbology: ']E0', text: '0036000291452' },
  { name: 'UPC-E', bcid: 'upce', draws: '04252614', symbology: ']E0', text: '0042100005264' },
  { name: 'ITF-14', bcid: 'itf14', draws: '16001087340004', symbology: ']I1', text: '16001087340004' },
  { name: 'Code 128', bcid: 'code128', draws: 'SHELF A/12', symbology: ']C0', text: 'SHELF A/12' },
  { name: 'Code 39', bcid: 'code39', draws: 'BIN-0042', symbology: ']A0', text: 'BIN-0042' },
  {
    name: 'GS1-128',
    bcid: 'gs1-128',
    draws: '(01)06001087340007(10)LOT42(17)271231',
    symbology: ']C1',
    text: `010600108734000710LOT42${GROUP_SEPARATOR}17271231`,
  },
  { name: 'GS1 DataBar', bcid: 'databaromni', draws: '(01)06001087340007', symbology: ']e0', text: '0106001087340007' },
  {
    name: 'GS1 DataBar Expanded',
    bcid: 'databarexpanded',
    draws: '(01)96001087340000(3103)001750',
    symbology: ']e0',
    text: '01960010873400003103001750',
  },
  {
    name: 'GS1 DataMatrix',
    bcid: 'gs1datamatrix',
    draws: '(01)06001087340007(21)S1(10)B7',
    symbology: ']d2',
    text: `010600108734000721S1${GROUP_SEPARATOR}10B7`,
  },
  { name: 'QR code', bcid: 'qrcode', draws: 'Mielie meel 10 kg', symbology: ']Q1', text: 'Mielie meel 10 kg' },
  {
    name: 'GS1 Digital Link',
    bcid: 'gs1dlqrcode',
    draws: 'https://id.gs1.org/01/06001087340007/10/LOT42',
    symbology: ']Q1',
    text: 'https://id.gs1.org/01/06001087340007/10/LOT42',
  },
];

export function drawnAs(name: string): Drawn {
  const found = DRAWN.find((one) => one.name === name);
  if (!found) throw new Error(`nothing is drawn as ${name}`);
  return found;
}

/** One code on white, with the room around it that it needs. */
export async function draw({ bcid, draws }: Pick<Drawn, 'bcid' | 'draws'>): Promise<Sharp> {
  const look = { scale: 3, height: 15, includetext: false, padding: 10, backgroundcolor: 'FFFFFF' };
  // Twelve modules, its default, is the most that the standard allows and more than most print.
  const addOn = { addongap: 9 };
  const png: Uint8Array = await toBuffer({ bcid, text: draws, ...look, ...addOn });
  return sharp(png);
}

/** Several codes below one another, as on a shelf or a label. */
export async function drawSheet(codes: readonly Pick<Drawn, 'bcid' | 'draws'>[]): Promise<Buffer> {
  const pictures = await Promise.all(codes.map(async (code) => (await draw(code)).png().toBuffer({ resolveWithObject: true })));
  const width = Math.max(...pictures.map(({ info }) => info.width));
  const height = pictures.reduce((sum, { info }) => sum + info.height, 0);
  let top = 0;
  const overlays = pictures.map(({ data, info }) => {
    const overlay = { input: data, left: 0, top };
    top += info.height;
    return overlay;
  });
  return sharp({ create: { width, height, channels: 3, background: 'white' } })
    .composite(overlays)
    .png()
    .toBuffer();
}
