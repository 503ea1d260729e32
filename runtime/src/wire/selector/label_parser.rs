//! The grammar of label selectors, with the error texts of Go's lexer and parser (contract 4.7.13).

use std::collections::BTreeSet;

use super::super::field::FieldError;
use super::super::names;
use super::label::{Requirement, Test};

/// How many wrong values an error names. Each takes some 300 bytes, for a few in the request.
const MAX_REPORTED: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// One of the operators and punctuation marks.
    Symbol(&'a str),
    /// A key, a value, or the words `in` and `notin`, which are keys and values too.
    Word(&'a str),
    End,
}

impl<'a> Token<'a> {
    /// The token as the request has it, which error texts quote.
    fn literal(self) -> &'a str {
        match self {
            Self::Symbol(literal) | Self::Word(literal) => literal,
            Self::End => "",
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    fn peek(self) -> Token<'a> {
        let mut ahead = self;
        ahead.next()
    }

    fn next(&mut self) -> Token<'a> {
        let text = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let symbol = |c: char| matches!(c, '=' | '!' | '(' | ')' | ',' | '>' | '<');
        let (length, token): (usize, fn(&'a str) -> Token<'a>) = if text.is_empty() {
            (0, |_| Token::End)
        } else if text.starts_with("==") || text.starts_with("!=") {
            (2, Token::Symbol)
        } else if text.starts_with(symbol) {
            (1, Token::Symbol)
        } else {
            let ends = |c: char| symbol(c) || matches!(c, ' ' | '\t' | '\r' | '\n');
            (text.find(ends).unwrap_or(text.len()), Token::Word)
        };
        let (literal, rest) = text.split_at(length);
        self.rest = rest;
        token(literal)
    }
}

/// Reads the requirements in the order in which they stand.
pub(super) fn parse(text: &str) -> Result<Vec<Requirement>, String> {
    let mut tokens = Tokens { rest: text };
    let mut requirements = Vec::new();
    loop {
        match tokens.peek() {
            Token::Word(_) | Token::Symbol("!") => {}
            Token::End => return Ok(requirements),
            other @ Token::Symbol(_) => {
                return Err(format!("found '{}', expected: !, identifier, or 'end of string'", other.literal()));
            }
        }
        requirements.push(requirement(&mut tokens).map_err(|error| format!("unable to parse requirement: {error}"))?);
        match tokens.next() {
            Token::End => return Ok(requirements),
            Token::Symbol(",") => match tokens.peek() {
                Token::Word(_) | Token::Symbol("!") => {}
                other => return Err(format!("found '{}', expected: identifier after ','", other.literal())),
            },
            other => return Err(format!("found '{}', expected: ',' or 'end of string'", other.literal())),
        }
    }
}

fn requirement(tokens: &mut Tokens<'_>) -> Result<Requirement, String> {
    let first = tokens.next();
    let negated = first == Token::Symbol("!");
    let key = match if negated { tokens.next() } else { first } {
        Token::Word(key) => key,
        other => return Err(format!("found '{}', expected: identifier", other.literal())),
    };
    // Go has no path for the field here, and prints that.
    names::qualified_name(key).map_err(|wrong| FieldError::invalid("<nil>", key, wrong.join("; ")).to_string())?;
    let test = if negated {
        Test::DoesNotExist
    } else if ends_requirement(tokens.peek()) {
        Test::Exists
    } else {
        comparison(key, tokens)?
    };
    Ok(Requirement { key: key.to_owned(), test })
}

fn comparison(key: &str, tokens: &mut Tokens<'_>) -> Result<Test, String> {
    match tokens.next() {
        Token::Word("in") => Ok(Test::In(set(key, tokens)?)),
        Token::Word("notin") => Ok(Test::NotIn(set(key, tokens)?)),
        Token::Symbol("=" | "==") => Ok(Test::Equals(value(key, tokens)?)),
        Token::Symbol("!=") => Ok(Test::NotEquals(value(key, tokens)?)),
        Token::Symbol(">") => Ok(Test::GreaterThan(integer(key, tokens)?)),
        Token::Symbol("<") => Ok(Test::LessThan(integer(key, tokens)?)),
        other => Err(format!("found '{}', expected: in, notin, =, ==, !=, gt, lt", other.literal())),
    }
}

fn ends_requirement(token: Token<'_>) -> bool {
    matches!(token, Token::End | Token::Symbol(","))
}

/// The one value behind `=` and its like; nothing there is the empty value.
fn literal<'a>(tokens: &mut Tokens<'a>) -> Result<&'a str, String> {
    if ends_requirement(tokens.peek()) {
        return Ok("");
    }
    match tokens.next() {
        Token::Word(value) => Ok(value),
        other => Err(format!("found '{}', expected: identifier", other.literal())),
    }
}

fn value(key: &str, tokens: &mut Tokens<'_>) -> Result<String, String> {
    let value = literal(tokens)?;
    wrong_value(key, 0, value).map_or_else(|| Ok(value.to_owned()), Err)
}

fn integer(key: &str, tokens: &mut Tokens<'_>) -> Result<i64, String> {
    let text = literal(tokens)?;
    let number = text.parse().map_err(|_| {
        FieldError::invalid("values[0]", text, "for 'Gt', 'Lt' operators, the value must be an integer").to_string()
    });
    match (number, wrong_value(key, 0, text)) {
        (Ok(number), None) => Ok(number),
        (number, wrong) => Err(aggregate(&number.err().into_iter().chain(wrong).collect::<Vec<_>>())),
    }
}

/// The values between parentheses; where nothing stands between two commas, the empty value is meant.
fn set(key: &str, tokens: &mut Tokens<'_>) -> Result<BTreeSet<String>, String> {
    match tokens.next() {
        Token::Symbol("(") => {}
        other => return Err(format!("found '{}' expected: '('", other.literal())),
    }
    let mut values = BTreeSet::new();
    match tokens.peek() {
        Token::Word(_) | Token::Symbol(",") => {}
        Token::Symbol(")") => {
            values.insert("");
        }
        other => return Err(format!("found '{}', expected: ',', ')' or identifier", other.literal())),
    }
    while tokens.peek() != Token::Symbol(")") {
        match tokens.next() {
            Token::Word(value) => {
                values.insert(value);
                match tokens.peek() {
                    Token::Symbol("," | ")") => {}
                    other => return Err(format!("found '{}', expected: ',' or ')'", other.literal())),
                }
            }
            Token::Symbol(",") => {
                if values.is_empty() || matches!(tokens.peek(), Token::Symbol("," | ")")) {
                    values.insert("");
                }
            }
            other => return Err(format!("found '{}', expected: ',', or identifier", other.literal())),
        }
    }
    tokens.next();
    let wrong = values.iter().enumerate().filter_map(|(i, value)| wrong_value(key, i, value));
    let wrong: Vec<String> = wrong.take(MAX_REPORTED).collect();
    if wrong.is_empty() { Ok(values.into_iter().map(str::to_owned).collect()) } else { Err(aggregate(&wrong)) }
}

fn wrong_value(key: &str, index: usize, value: &str) -> Option<String> {
    let wrong = names::label_value(value).err()?;
    Some(FieldError::invalid(format!("values[{index}][{key}]"), value, wrong.join("; ")).to_string())
}

/// Several errors as Go prints them in one.
fn aggregate(errors: &[String]) -> String {
    match errors {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::LabelSelector;

    fn error(text: &str) -> String {
        let error = LabelSelector::parse(text).unwrap_err();
        assert_eq!((error.code(), error.reason()), (400, "BadRequest"));
        error.message().to_owned()
    }

    #[test]
    fn c4_7_13_label_selector_syntax_errors_of_go() {
        for (text, expected) in [
            ("!)", "unable to parse requirement: found ')', expected: identifier"),
            ("!", "unable to parse requirement: found '', expected: identifier"),
            ("a=)", "unable to parse requirement: found ')', expected: identifier"),
            ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
            ("a(", "unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt"),
            ("a in x", "unable to parse requirement: found 'x' expected: '('"),
            ("a in", "unable to parse requirement: found '' expected: '('"),
            ("a in (=", "unable to parse requirement: found '=', expected: ',', ')' or identifier"),
            ("a in (x", "unable to parse requirement: found '', expected: ',' or ')'"),
            ("a in (x y)", "unable to parse requirement: found 'y', expected: ',' or ')'"),
            ("a in (x,", "unable to parse requirement: found '', expected: ',', or identifier"),
            ("a=x b", "found 'b', expected: ',' or 'end of string'"),
            ("!a=x", "found '=', expected: ',' or 'end of string'"),
            ("a,", "found '', expected: identifier after ','"),
            ("a,,b", "found ',', expected: identifier after ','"),
            (",", "found ',', expected: !, identifier, or 'end of string'"),
            ("=x", "found '=', expected: !, identifier, or 'end of string'"),
            ("a===x", "unable to parse requirement: found '=', expected: identifier"),
        ] {
            assert_eq!(error(text), expected, "{text}");
        }
    }

    #[test]
    fn c4_7_13_label_selector_field_errors_of_go() {
        let value = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and \
                     must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', \
                     regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
        assert_eq!(error("a=-x"), format!("unable to parse requirement: values[0][a]: Invalid value: \"-x\": {value}"));
        assert_eq!(
            error("a in (x,$,-)"),
            format!(
                "unable to parse requirement: [values[0][a]: Invalid value: \"$\": {value}, \
                 values[1][a]: Invalid value: \"-\": {value}]"
            )
        );
        assert_eq!(
            error("a>x"),
            "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be \
             an integer"
        );
        assert!(
            error("/a").starts_with(
                "unable to parse requirement: <nil>: Invalid value: \"/a\": prefix part must be non-empty"
            )
        );
    }

    #[test]
    fn c4_7_13_label_selector_names_some_wrong_values() {
        let values: Vec<String> = (0..10_000).map(|i| format!("-{i}")).collect();
        let message = error(&format!("a in ({})", values.join(",")));
        assert_eq!(message.matches("Invalid value").count(), super::MAX_REPORTED);
    }
}
