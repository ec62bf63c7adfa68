"""Rules of the plan board (推進体制・進捗管理): plain values in, plain values out."""
