# Resources that open to the whole internet.
package quarterdeck

everywhere := {"0.0.0.0/0", "::/0", "*", "0.0.0.0", "Internet", "Any"}

soft contains violation("open_to_internet", rc, "is opened to the whole internet") if {
	some rc in written
	is_open(rc.type, after(rc))
	not is_open(rc.type, before(rc))
}

soft contains violation("open_to_internet", rc, "becomes reachable from the whole internet") if {
	some rc in written
	is_now(rc, "publicly_accessible") == true
	was(rc, "publicly_accessible") != true
}

holds_everywhere(values, names) if {
	some name in names
	some range in as_array(value_of(values, name, []))
	range in everywhere
}

is_open(type, values) if {
	type in {"aws_security_group", "aws_default_security_group"}
	some rule in as_array(value_of(values, "ingress", []))
	holds_everywhere(rule, ["cidr_blocks", "ipv6_cidr_blocks"])
}

is_open("aws_security_group_rule", values) if {
	value_of(values, "type", "ingress") == "ingress"
	holds_everywhere(values, ["cidr_blocks", "ipv6_cidr_blocks"])
}

is_open("aws_vpc_security_group_ingress_rule", values) if holds_everywhere(values, ["cidr_ipv4", "cidr_ipv6"])

is_open(type, values) if {
	type in {"aws_eks_cluster", "google_container_cluster"}
	some config in as_array(value_of(values, "vpc_config", value_of(values, "master_authorized_networks_config", [])))
	holds_everywhere(config, ["public_access_cidrs"])
}

is_open("google_compute_firewall", values) if {
	value_of(values, "direction", "INGRESS") == "INGRESS"
	holds_everywhere(values, ["source_ranges"])
}

is_open("azurerm_network_security_rule", values) if opens_azure(values)

is_open("azurerm_network_security_group", values) if {
	some rule in as_array(value_of(values, "security_rule", []))
	opens_azure(rule)
}

opens_azure(rule) if {
	value_of(rule, "access", "") == "Allow"
	value_of(rule, "direction", "") == "Inbound"
	holds_everywhere(rule, ["source_address_prefix", "source_address_prefixes"])
}
