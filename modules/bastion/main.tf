data "aws_ssm_parameter" "ami" {
  name = var.ami_ssm_parameter
}

resource "aws_instance" "this" {
  #checkov:skip=CKV_AWS_126:Metrics every five minutes suffice for a machine that people log in to; detailed monitoring is charged.
  ami                         = data.aws_ssm_parameter.ami.insecure_value
  instance_type               = var.instance_type
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = [aws_security_group.this.id]
  iam_instance_profile        = aws_iam_instance_profile.this.name
  associate_public_ip_address = false
  ebs_optimized               = true

  user_data = <<-EOT
    #!/bin/bash
    set -euo pipefail
    dnf install --assumeyes mariadb105 redis6
  EOT

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "disabled"
  }

  root_block_device {
    volume_type           = "gp3"
    volume_size           = var.root_volume_size_gib
    encrypted             = true
    kms_key_id            = var.kms_key_arn
    delete_on_termination = true

    tags = merge(var.tags, { Name = "${var.name}-bastion" })
  }

  tags = { Name = "${var.name}-bastion" }

  lifecycle {
    # Amazon publishes an image about every fortnight; replacing is a deliberate act.
    ignore_changes = [ami]
  }
}
