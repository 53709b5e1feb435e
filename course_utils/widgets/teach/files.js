/** Files and folders that are dropped or chosen: each with the folder that it lies in. */

/** @typedef {[folder: string, file: File]} Found "" for a file that lies in no folder */

/**
 * What was dropped; folders with all that lies in them.
 * @param {DataTransfer} transfer
 * @returns {Promise<Found[]>}
 */
export async function dropped(transfer) {
  const items = [...transfer.items].map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  const found = [];
  for (const { entry, file } of items) {
    if (entry?.isDirectory) await walk(entry, "", found);
    else if (file) found.push(["", file]);
  }
  return visible(found);
}

async function walk(entry, folder, found) {
  if (entry.isFile) {
    found.push([folder, await new Promise((done, failed) => entry.file(done, failed))]);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed)); // up to 100
    if (!some.length) return;
    for (const each of some) await walk(each, entry.name, found);
  }
}

/**
 * The files of an <input>; with "webkitdirectory" each knows its path.
 * @param {File[]} files
 * @returns {Found[]}
 */
export const chosen = (files) => visible(files.map((file) => [file.webkitRelativePath.split("/").at(-2) ?? "", file]));

/** Without what systems hide: .DS_Store and the like. */
const visible = (found) => found.filter(([folder, { name }]) => !`${folder}/${name}`.match(/(^|\/)\./));
