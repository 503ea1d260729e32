/// Served in two versions.
#[derive(RestResource)]
#[rest(
    group = "wardle.example.com",
    version = "v1alpha1",
    resource = "flunders",
    object = v1alpha1::Flunder,
    version(name = "v1beta1", object = v1beta1::Flunder)
)]
pub struct Flunders;
