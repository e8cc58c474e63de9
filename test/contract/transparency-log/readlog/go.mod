module example.org/readlog

go 1.24

require golang.org/x/mod v0.29.0
