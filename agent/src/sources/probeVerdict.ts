/** What one probe answers; the sentence is what the operator reads. */
export type ProbeVerdict = { readonly ok: boolean; readonly reason: string };
