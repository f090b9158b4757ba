a = <<EOF
text ${env}
EOF
b = <<-EOF
  x
  EOF
c = "\u0041\"${"}"}" // d
/* e */ f = [1, 2.5e3, true, { g = 0x1f }]
