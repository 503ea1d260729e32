#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1", resource = "Flunders", object = Flunder)]
pub struct Flunders;
