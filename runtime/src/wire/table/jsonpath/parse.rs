//! The parser of [`JsonPath`](super::JsonPath).

use serde_json::{Number, Value};

use super::{Child, Filter, Operand, Operator, Step};

/// What is left of a path.
pub(super) struct Parser<'p> {
    pub(super) rest: &'p str,
}

impl Parser<'_> {
    pub(super) fn step(&mut self) -> Result<Step, String> {
        if self.rest.starts_with("..") {
            return Err("recursive descent (..) is not supported".to_owned());
        }
        if self.eat("[*]") || self.eat(".*") {
            return Ok(Step::Wildcard);
        }
        if self.eat("[?(") {
            return self.filter().map(Step::Filter);
        }
        self.child().map(Step::Child)
    }

    fn child(&mut self) -> Result<Child, String> {
        if self.eat(".") && !self.rest.starts_with('[') {
            return self.name().map(Child::Field);
        }
        self.expect("[")?;
        let child = match self.quoted()? {
            Some(name) => Child::Field(name),
            None => Child::Index(self.index()?),
        };
        self.expect("]")?;
        Ok(child)
    }

    /// The name of a field after its dot.
    fn name(&mut self) -> Result<String, String> {
        let mut name = String::new();
        while let Some(next) = self.rest.chars().next().filter(|next| !ends_name(*next)) {
            self.skip(next);
            name.push(if next == '\\' { self.take()? } else { next });
        }
        if name.is_empty() { Err(self.error("the name of a field")) } else { Ok(name) }
    }

    fn index(&mut self) -> Result<i64, String> {
        self.token(&[']']).parse().map_err(|_| self.error("*, the index of an item, or the quoted name of a field"))
    }

    /// What stands in quotes, if something does.
    fn quoted(&mut self) -> Result<Option<String>, String> {
        let Some(quote @ ('\'' | '"')) = self.rest.chars().next() else { return Ok(None) };
        self.skip(quote);
        let mut text = String::new();
        loop {
            match self.take()? {
                '\\' => text.push(self.take()?),
                next if next == quote => return Ok(Some(text)),
                next => text.push(next),
            }
        }
    }

    /// What follows `[?(`.
    fn filter(&mut self) -> Result<Filter, String> {
        let left = self.operand()?;
        let operator = if self.eat("==") {
            Some(Operator::Equal)
        } else if self.eat("!=") {
            Some(Operator::NotEqual)
        } else {
            None
        };
        let comparison = match operator {
            Some(operator) => Some((operator, self.operand()?)),
            None if matches!(left, Operand::Literal(_)) => return Err(self.error("== or !=")),
            None => None,
        };
        self.expect(")]")?;
        Ok(Filter { left, comparison })
    }

    /// One side of a comparison, and the blanks around it.
    fn operand(&mut self) -> Result<Operand, String> {
        self.skip_blanks();
        let operand = if self.eat("@") {
            let mut path = Vec::new();
            while self.rest.starts_with(['.', '[']) {
                path.push(self.child()?);
            }
            Operand::Path(path)
        } else if let Some(text) = self.quoted()? {
            Operand::Literal(text.into())
        } else {
            Operand::Literal(self.literal()?)
        };
        self.skip_blanks();
        Ok(operand)
    }

    fn literal(&mut self) -> Result<Value, String> {
        match self.token(&[' ', '\t', '=', '!', ')']) {
            "true" => Ok(true.into()),
            "false" => Ok(false.into()),
            token => match token.parse::<Number>() {
                Ok(number) => Ok(number.into()),
                Err(_) => Err(self.error("@, a quoted text, a number, true or false")),
            },
        }
    }
}

/// Moving on.
impl<'p> Parser<'p> {
    fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.eat(text) { Ok(()) } else { Err(self.error(text)) }
    }

    fn take(&mut self) -> Result<char, String> {
        let next = self.rest.chars().next().ok_or("ends too early")?;
        self.skip(next);
        Ok(next)
    }

    fn skip(&mut self, next: char) {
        self.eat(next.encode_utf8(&mut [0; 4]));
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Everything up to one of the characters in `ends`.
    fn token(&mut self, ends: &[char]) -> &'p str {
        let (token, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        token
    }

    fn error(&self, expected: &str) -> String {
        if self.rest.is_empty() {
            format!("expected {expected} at the end")
        } else {
            format!("expected {expected} before {:?}", self.rest)
        }
    }
}

/// Whether a name that is not quoted ends before `next`.
fn ends_name(next: char) -> bool {
    next.is_whitespace() || ".,[](){}$@=!<>*".contains(next)
}
