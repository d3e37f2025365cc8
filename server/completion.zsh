autoload -Uz bashcompinit && bashcompinit
