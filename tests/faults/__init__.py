"""Faults and hostile input: what goes wrong, and what then must come of it.

| fault | outcome |
|---|---|
| killed at any write of a dataset, a conversion, an export of readings | nothing half-written is read or taken for whole; \
the same command again gives the same bytes, and takes away what the dead one left |
| killed while `bilan read` works | what was finished is not read again; the same output, to the byte |
| killed while a training ends | no reader takes the folder; `--resume` ends with the weights of an unbroken run |
| a worker's parent killed | the worker ends too |
| disk full, no larger files allowed, read-only folder | one line that names the file and the mend; nothing half left; \
with space again the same command ends as if nothing had been |
| a file of a checkpoint cut short, with one bit flipped, or of another checkpoint | one line that names the file |
| a file of a dataset or of a journal cut short, with one bit flipped | built or read again |
| an interrupted download | one line; what is there of it is not taken for a model |
| XML entities, external files, bombs of gzip, of DocBin | refused before they unfold |
| ids that are paths, links that lead out of a folder, links and pipes where a file is written | refused; nothing \
outside is read, cut or written over |
| pickles under any name | never unpickled |
| weights that claim terabytes | one line, no memory taken |
| escapes, HTML, Markdown, markup, formulas in texts, labels, ids, file names | shown, not obeyed |
| lone halves of UTF-16 pairs, names that are no UTF-8, one line of many megabytes | told or read; never a traceback |
"""
