output "cluster_id" {
  description = "ID of the cluster."
  value       = terraform_data.cluster.id
}

output "nodes" {
  description = "Number of nodes."
  value       = length(terraform_data.node)
}
