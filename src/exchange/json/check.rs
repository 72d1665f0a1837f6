//! Holds a tree against a shape and collects everything that is wrong. Must not know the types.

use std::borrow::Cow;

use super::place::{Finding, push_key};
use super::say;
use super::shape::{Field, Form, Object, Rest, RuleId, Shape, Text};
use super::tree::{Kind, Node, Tree};
use crate::model::issue::Issue;

/// How many problems of one document are told.
pub const MAX_ISSUES: usize = 1_000;

/// What is wrong with `tree`; at most one finding more than [`MAX_ISSUES`].
pub(super) fn check(tree: &Tree<'_>, shape: &Shape) -> Vec<Finding> {
    let mut checker = Checker { shape, path: Vec::new(), findings: Vec::new() };
    checker.value(tree.root(), shape.root);
    checker.findings
}

#[derive(Clone, Copy)]
enum Step<'t> {
    Member(Node<'t>),
    Item(usize),
}

struct Checker<'t> {
    shape: &'t Shape,
    path: Vec<Step<'t>>,
    findings: Vec<Finding>,
}

impl<'t> Checker<'t> {
    fn path(&self) -> String {
        let mut path = "$".to_owned();
        for step in &self.path {
            match step {
                Step::Member(key) => push_key(&mut path, &key.text().unwrap_or_default()),
                Step::Item(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    fn report(&mut self, node: Node<'t>, issue: Issue) {
        self.findings.push(Finding::new(node.offset(), issue));
    }

    fn inner(&mut self, step: Step<'t>, node: Node<'t>, rule: RuleId) {
        self.path.push(step);
        self.value(node, rule);
        self.path.pop();
    }

    fn value(&mut self, node: Node<'t>, rule: RuleId) {
        let shape = self.shape;
        let rule = &shape.rules[rule];
        let is_told = node.kind() == Kind::Broken || self.findings.len() > MAX_ISSUES;
        if is_told || (rule.nullable && node.kind() == Kind::Null) {
            return;
        }
        match (&rule.form, node.kind()) {
            (Form::Same(rule), _) => self.value(node, *rule),
            (Form::Any, _) => self.any(node),
            (Form::Null, Kind::Null) | (Form::Flag, Kind::Flag) => {}
            (Form::Integer { low, high }, Kind::Integer | Kind::Fraction) => {
                self.integer(node, *low, *high);
            }
            (Form::Number, Kind::Integer | Kind::Fraction) => self.any(node),
            (Form::Text(text), Kind::PlainText | Kind::EscapedText) => self.text(node, text),
            (Form::List { items, low, high, unique }, Kind::List) => {
                let mut count = 0;
                for item in node.items() {
                    self.inner(Step::Item(count), item, *items);
                    count += 1;
                }
                if count < *low || count > *high {
                    self.report(node, say::wrong_count(self.path(), count, *low, *high));
                }
                if *unique {
                    self.repeated_items(node);
                }
            }
            (Form::Tuple(rules), Kind::List) => {
                let count = node.items().count();
                if count != rules.len() {
                    let (low, high) = (rules.len(), rules.len());
                    self.report(node, say::wrong_count(self.path(), count, low, high));
                }
                for (index, (item, rule)) in node.items().zip(rules).enumerate() {
                    self.inner(Step::Item(index), item, *rule);
                }
            }
            (Form::Object(object), Kind::Object) => self.object(node, object),
            (Form::Tagged { tag, variants }, Kind::Object) => self.tagged(node, tag, variants),
            (Form::Either(rules), _) => self.either(node, rules, &rule.form),
            (form, _) => self.report(node, say::wrong_type(self.path(), shape, form, node)),
        }
    }

    /// Anything is right but numbers nothing can hold.
    fn any(&mut self, node: Node<'t>) {
        match node.kind() {
            Kind::Fraction | Kind::Integer if is_beyond_double(node.raw()) => {
                self.report(node, say::too_large(self.path(), node));
            }
            Kind::List => node.items().enumerate().for_each(|(index, item)| {
                self.path.push(Step::Item(index));
                self.any(item);
                self.path.pop();
            }),
            Kind::Object => node.members().for_each(|(key, value)| {
                self.path.push(Step::Member(key));
                self.any(value);
                self.path.pop();
            }),
            _ => {}
        }
    }

    fn integer(&mut self, node: Node<'t>, low: i128, high: i128) {
        let issue = match (node.kind(), node.integer()) {
            (Kind::Integer, Some(value)) if (low..=high).contains(&value) => return,
            (Kind::Integer, _) => say::out_of_range(self.path(), node, (low, high)),
            _ if is_beyond_double(node.raw()) => say::too_large(self.path(), node),
            _ => say::not_whole(self.path(), node),
        };
        self.report(node, issue);
    }

    fn text(&mut self, node: Node<'t>, rule: &Text) {
        let text = node.text().unwrap_or_default();
        if !rule.options.is_empty() {
            if !rule.options.iter().any(|option| *option == text) {
                self.report(node, say::not_allowed(self.path(), &text, &rule.options));
            }
            return;
        }
        if rule.low > 0 || rule.high.is_some() {
            let length = text.chars().count();
            if length < rule.low || rule.high.is_some_and(|high| length > high) {
                self.report(node, say::wrong_length(self.path(), rule, length));
                return;
            }
        }
        if let Some(Err(reason)) = rule.check.map(|check| check(&text)) {
            self.report(node, say::bad_format(self.path(), &reason));
        }
    }

    fn repeated_items(&mut self, node: Node<'t>) {
        let value = |item: Node<'t>| item.text().unwrap_or(Cow::Borrowed(item.raw()));
        let mut items: Vec<_> =
            node.items().enumerate().map(|(index, item)| (value(item), index, item)).collect();
        items.sort_by(|left, right| (&left.0, left.1).cmp(&(&right.0, right.1)));
        let twice = items.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        for pair in twice.take(MAX_ISSUES + 1) {
            self.path.push(Step::Item(pair[1].1));
            self.report(pair[1].2, say::twice(self.path(), pair[1].2));
            self.path.pop();
        }
    }

    fn object(&mut self, node: Node<'t>, rule: &Object) {
        let mut seen = vec![false; rule.fields.len()];
        let (mut count, mut unknown) = (0, Vec::new());
        for (key, value) in node.members() {
            count += 1;
            let name = key.text().unwrap_or_default();
            let known = rule.fields.binary_search_by(|field| field.name.as_str().cmp(&name));
            match (known, rule.rest) {
                (Ok(row), _) => {
                    seen[row] = true;
                    self.inner(Step::Member(key), value, rule.fields[row].rule);
                }
                (Err(_), Rest::Each(rule)) => self.inner(Step::Member(key), value, rule),
                (Err(_), Rest::Ignored) => {}
                (Err(_), Rest::Forbidden) if unknown.len() <= MAX_ISSUES => unknown.push(key),
                (Err(_), Rest::Forbidden) => {}
            }
        }
        for key in unknown {
            self.unknown(key, &rule.fields, &seen);
        }
        for (field, seen) in rule.fields.iter().zip(seen) {
            if field.required && !seen {
                self.missing(node, field);
            }
        }
        if count < rule.low || count > rule.high {
            self.report(node, say::wrong_count(self.path(), count, rule.low, rule.high));
        }
    }

    fn missing(&mut self, node: Node<'t>, field: &Field) {
        let options: &[String] = match &self.shape.rules[field.rule].form {
            Form::Text(text) => &text.options,
            _ => &[],
        };
        self.report(node, say::missing(self.path(), &field.name, options));
    }

    fn unknown(&mut self, key: Node<'t>, fields: &[Field], seen: &[bool]) {
        let name = key.text().unwrap_or_default();
        let fields = || fields.iter().map(|field| field.name.as_str());
        let absent = fields().zip(seen).filter(|(_, seen)| !**seen).map(|(name, _)| name);
        self.path.push(Step::Member(key));
        let issue = say::unknown(self.path(), &name, fields(), absent);
        self.path.pop();
        self.report(key, issue);
    }

    fn tagged(&mut self, node: Node<'t>, tag: &str, variants: &[(String, RuleId)]) {
        let options: Vec<String> = variants.iter().map(|(name, _)| name.clone()).collect();
        let Some((key, value)) = node.members().find(|(key, _)| key.is_text(tag)) else {
            self.report(node, say::missing(self.path(), tag, &options));
            return;
        };
        let written = value.text();
        let named = variants.iter().find(|(name, _)| written.as_deref() == Some(name));
        if let Some((_, rule)) = named {
            self.value(node, *rule);
            return;
        }
        if value.kind() == Kind::Broken {
            return;
        }
        self.path.push(Step::Member(key));
        let form = Form::Text(Text { options, ..Text::default() });
        match (&form, written) {
            (Form::Text(rule), Some(_)) => self.text(value, rule),
            _ => self.report(value, say::wrong_type(self.path(), self.shape, &form, value)),
        }
        self.path.pop();
    }

    /// Reports what is wrong with the form that fits best; if none is best, that none fits.
    fn either(&mut self, node: Node<'t>, rules: &[RuleId], form: &Form) {
        let before = std::mem::take(&mut self.findings);
        let fitting = rules.iter().filter(|rule| self.shape.accepts(**rule, node.kind()));
        let mut tries = Vec::new();
        for rule in fitting {
            self.value(node, *rule);
            tries.push(std::mem::take(&mut self.findings));
        }
        self.findings = before;
        let fewest = tries.iter().map(Vec::len).min();
        let best = |found: &Vec<Finding>| Some(found.len()) == fewest;
        match (fewest, tries.iter().filter(|found| best(found)).count()) {
            (Some(0), _) => {}
            (None, _) => {
                self.report(node, say::wrong_type(self.path(), self.shape, form, node));
            }
            (Some(_), 1) => self.findings.extend(tries.into_iter().find(best).unwrap_or_default()),
            _ => self.report(node, say::fits_none(self.path(), self.shape, form)),
        }
    }
}

impl Shape {
    /// Whether values of `kind` can follow `rule` at all.
    fn accepts(&self, rule: RuleId, kind: Kind) -> bool {
        match (&self.rules[rule].form, kind) {
            (Form::Any, _) => true,
            (_, Kind::Null) => {
                self.rules[rule].nullable || matches!(self.rules[rule].form, Form::Null)
            }
            (Form::Same(rule), _) => self.accepts(*rule, kind),
            (Form::Either(rules), _) => rules.iter().any(|rule| self.accepts(*rule, kind)),
            (Form::Flag, Kind::Flag)
            | (Form::Integer { .. } | Form::Number, Kind::Integer | Kind::Fraction)
            | (Form::Text(_), Kind::PlainText | Kind::EscapedText)
            | (Form::List { .. } | Form::Tuple(_), Kind::List)
            | (Form::Object(_) | Form::Tagged { .. }, Kind::Object) => true,
            _ => false,
        }
    }
}

/// Whether the number written `raw` is 1e308 or more, which a double may not hold.
fn is_beyond_double(raw: &str) -> bool {
    let raw = raw.trim_start_matches('-');
    let (digits, exponent) = raw.split_once(['e', 'E']).unwrap_or((raw, "0"));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0').len();
    if whole == 0 && decimals.bytes().all(|digit| digit == b'0') {
        return false;
    }
    let leading_zeros = decimals.bytes().take_while(|digit| *digit == b'0').count();
    let size =
        if whole > 0 { i64::try_from(whole) } else { i64::try_from(leading_zeros).map(|n| -n) };
    match (exponent.parse::<i64>(), size) {
        (Ok(exponent), Ok(size)) => exponent.saturating_add(size) > 308,
        _ => !exponent.starts_with('-'),
    }
}

#[cfg(test)]
mod tests {
    use super::is_beyond_double;

    #[test]
    fn numbers_of_1e308_and_more_are_beyond_a_double() {
        for large in ["1e400", "1e308", "-1E+309", "0.001e312", "1e99999999999999999999"] {
            assert!(is_beyond_double(large), "{large}");
        }
        let digits = "9".repeat(309);
        assert!(is_beyond_double(&digits));
        for small in
            ["0", "0e999", "1e307", "-0.5", "0.001e310", "1e-400", "9e-99999999999999999999"]
        {
            assert!(!is_beyond_double(small), "{small}");
        }
    }
}
