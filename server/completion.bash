# Completion of raidgraph: commands, flags, and the names of files.
_raidgraph() {
  local table='@TABLE@'
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=serve chosen= i w
  for ((i = 1; i < COMP_CWORD; i++)); do
    while read -r w _; do
      if [ "$w" = "${COMP_WORDS[i]}" ]; then command=$w chosen=yes; fi
    done <<<"$table"
  done
  COMPREPLY=()
  if [ "$command" = completion ] && [ "$before" = completion ]; then
    COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word"))
  elif [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$(while read -r w flags; do [ "$w" != "$command" ] || echo "$flags"; done <<<"$table")" -- "$word"))
  elif [ -z "$chosen" ] && [[ $before != -* ]]; then
    COMPREPLY=($(compgen -W "$(while read -r w _; do echo "$w"; done <<<"$table")" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _raidgraph raidgraph
