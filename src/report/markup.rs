//! A writer for HTML and SVG that escapes every text and closes every element it opens. Knows no
//! page.

use std::fmt::{Display, Write};

use crate::calendar::Label;

/// Attributes of an element, in order.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a dyn Display)];

/// A document in the making.
#[derive(Default)]
pub(super) struct Markup {
    out: String,
    open: Vec<&'static str>,
}

impl Markup {
    /// An HTML document that has only its type so far.
    pub(super) fn document() -> Markup {
        Markup { out: "<!doctype html>\n".to_owned(), open: Vec::new() }
    }

    /// Opens an element; [`Markup::end`] closes it.
    pub(super) fn start(&mut self, tag: &'static str, attributes: Attributes) -> &mut Markup {
        self.tag(tag, attributes);
        self.out.push('>');
        self.open.push(tag);
        self
    }

    /// Closes the element opened last.
    pub(super) fn end(&mut self) -> &mut Markup {
        let tag = self.open.pop().expect("every end follows its start");
        self.close(tag);
        self
    }

    /// An element with text and nothing else.
    pub(super) fn leaf(
        &mut self,
        tag: &'static str,
        attributes: Attributes,
        text: impl Display,
    ) -> &mut Markup {
        self.tag(tag, attributes);
        self.out.push('>');
        self.text(text);
        self.close(tag);
        self
    }

    /// An element that has no content (`<input>`, `<meta>`), closed in itself.
    pub(super) fn void(&mut self, tag: &'static str, attributes: Attributes) -> &mut Markup {
        self.tag(tag, attributes);
        self.out.push_str("/>");
        self
    }

    /// Text, escaped.
    pub(super) fn text(&mut self, text: impl Display) -> &mut Markup {
        write!(Escaped(&mut self.out), "{text}").expect("a string takes everything");
        self
    }

    /// Both wordings, of which the page shows one; once where they are the same.
    pub(super) fn both(&mut self, label: &Label) -> &mut Markup {
        self.both_as("span", label)
    }

    /// An element `tag` per wording.
    fn both_as(&mut self, tag: &'static str, label: &Label) -> &mut Markup {
        if label.zh == label.en {
            return self.text(&label.zh);
        }
        self.leaf(tag, &[("class", &"zh"), ("lang", &"zh")], &label.zh);
        self.leaf(tag, &[("class", &"en"), ("lang", &"en")], &label.en)
    }

    /// An element with both wordings inside.
    pub(super) fn said(
        &mut self,
        tag: &'static str,
        attributes: Attributes,
        label: &Label,
    ) -> &mut Markup {
        self.start(tag, attributes).both(label).end()
    }

    /// An SVG text with both wordings inside.
    pub(super) fn drawn(&mut self, attributes: Attributes, label: &Label) -> &mut Markup {
        self.start("text", attributes).both_as("tspan", label).end()
    }

    /// Text of our own that is markup already: style sheets and scripts.
    pub(super) fn raw(&mut self, text: &'static str) -> &mut Markup {
        self.out.push_str(text);
        self
    }

    /// The finished document.
    pub(super) fn finish(self) -> String {
        debug_assert!(self.open.is_empty(), "left open: {:?}", self.open);
        self.out
    }

    fn tag(&mut self, tag: &'static str, attributes: Attributes) {
        if matches!(tag, "tr" | "section" | "svg" | "g" | "div" | "table") {
            self.out.push('\n');
        }
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            write!(Escaped(&mut self.out), "{value}").expect("a string takes everything");
            self.out.push('"');
        }
    }

    fn close(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }
}

/// Writes text so that it is text in elements and in quoted attributes.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '\n' | '\t' => self.0.push(letter),
                control if control.is_control() => self.0.push('\u{fffd}'),
                other => self.0.push(other),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Markup;
    use crate::calendar::Label;

    #[test]
    fn text_and_attributes_cannot_leave_their_place() {
        let mut page = Markup::default();
        page.leaf("p", &[("title", &"a\"b'c")], "<script>&\u{0}");
        assert_eq!(page.finish(), "<p title=\"a&quot;b&#39;c\">&lt;script&gt;&amp;\u{fffd}</p>");
    }

    #[test]
    fn a_label_with_one_wording_is_written_once() {
        let mut page = Markup::default();
        page.said("b", &[], &Label::new("T-1", "T-1"));
        page.said("b", &[], &Label::new("税", "tax"));
        assert_eq!(
            page.finish(),
            "<b>T-1</b><b><span class=\"zh\" lang=\"zh\">税</span>\
             <span class=\"en\" lang=\"en\">tax</span></b>"
        );
    }
}
