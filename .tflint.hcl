# The ruleset for AWS cannot be had here, so these are the rules of Terraform's own language, all of them.
config {
  call_module_type = "local"
}

plugin "terraform" {
  enabled = true
  preset  = "all"
}

# Modules split their files by what they hold (addons.tf, nodes.tf), so "main.tf" alone is not required.
rule "terraform_standard_module_structure" {
  enabled = false
}
