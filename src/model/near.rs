//! "Did you mean": the nearest of the words that would have been right.

/// The candidate nearest to `word`: at most two edits away (one for words of up to three
/// letters), or one the word begins. Ties go to the first candidate.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = if word.chars().count() <= 3 { 1 } else { 2 };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance =
            if word.len() >= 3 && candidate.starts_with(word) { 1 } else { edits(word, candidate) };
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters (Wagner and Fischer 1974), one row at a time.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, from) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, to) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_misspelt_word_finds_its_neighbour_and_a_stranger_finds_none() {
        assert_eq!(nearest("skil", ["site", "skill"]), Some("skill"));
        assert_eq!(nearest("relase", ["release", "relate"]), Some("release"));
        assert_eq!(nearest("税务局", ["税务局浦东", "工商"]), Some("税务局浦东"));
        assert_eq!(nearest("banana", ["skill", "site"]), None);
    }
}
