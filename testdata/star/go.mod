module feierabend

go 1.26.0
