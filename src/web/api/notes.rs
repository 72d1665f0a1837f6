//! What readers of the OpenAPI document are told of single routes beyond a sentence.

use crate::calendar::Label;

/// That what is told this once is not told to who asks again by the same idempotency key.
pub(crate) fn told_once(zh: &str, en: &str) -> Label {
    Label::new(
        format!(
            "{zh}只在第一次回答中给出，服务器只保存其哈希。以同一 Idempotency-Key 重发同一请求，\
             得到同一文档但不含{zh}，也不会另建；内容不同则为 409。"
        ),
        format!(
            "Only the first answer tells the {en}: no more than a hash is kept. The same request \
             with the same Idempotency-Key is answered with the same document without that, and \
             makes nothing more; with another body it is refused with 409."
        ),
    )
}

/// How whoever is called by a hook knows that it is us, and that he has not heard it before.
pub(crate) fn how_to_check() -> Label {
    Label::new(
        "核对签名：每条消息带 X-Event-Id、X-Timestamp（Unix 秒）和 X-Signature。以订阅时得到的 \
         secret 全文（含 whs_）为密钥，对 X-Timestamp、一个句点和原始正文依次相连的字节求 \
         HMAC-SHA256，写成小写十六进制，前加 sha256=，应与 X-Signature 相同（请用定时比较）。\
         X-Timestamp 与本机时间相差超过 300 秒的应拒收。重发时 X-Event-Id 不变，时间与签名为新：\
         请记住 X-Event-Id，已收过的回答 2xx 后不再处理。",
        "Checking a signature: every message has X-Event-Id, X-Timestamp (seconds of Unix time) \
         and X-Signature. Take the whole secret you got here (with whs_) as the key of an \
         HMAC-SHA256 over X-Timestamp, a full stop and the body as it came; in lower-case \
         hexadecimal and behind sha256= it has to equal X-Signature (compare in constant time). \
         Refuse an X-Timestamp more than 300 seconds off your clock. A message that is sent again \
         keeps its X-Event-Id and has a new time and signature: remember X-Event-Id, and answer \
         one you have had with 2xx without acting on it.",
    )
}

/// What becomes of several tickets where a rule is in the way of one.
pub(crate) fn all_or_none() -> Label {
    Label::new(
        "通常要么全部登记，要么全不登记：有一张不能办理，即以 409 拒绝（各张都是内容有误时为 \
         422），errors 逐张列出原因，指针指向 /tickets 中的位置；由批次带出的工单，指向带出它的\
         那一张，消息以其编号开头。each_for_itself 为 true 时，能办的照办，其余在回答的 refused \
         中说明；一张都不能办则仍以 409 或 422 拒绝。",
        "Usually of all or none: where one of them may not, the request is refused with 409 (422 \
         where what was said is wrong for each of them), and `errors` tells of every ticket what is \
         in its way, with a pointer into /tickets; of a ticket that came with a batch, to the one \
         that brought it along. Every message begins with the key of its ticket. With \
         `each_for_itself` it happens to those it may happen to, and `refused` in the answer says \
         why of the others; where it may happen to none it is refused as before.",
    )
}
