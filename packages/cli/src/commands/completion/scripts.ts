// The scripts that connect a shell's completion with `sintonia __complete`, which prints one
// candidate a line: the word, a tab, and a description; `:files` and `:folders` stand for paths.

/** The shells with a script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
/** The name of a shell with a script. */
export type Shell = (typeof SHELLS)[number];

const BASH = `# Completion of sintonia in bash 3.2 and newer.
_sintonia() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" line word
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :files) while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur") ;;
      :folders) while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$cur") ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}"); continue ;;
    esac
    type compopt &>/dev/null && compopt -o filenames 2>/dev/null
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _sintonia sintonia
`;

const ZSH = `#compdef sintonia
# Completion of sintonia in zsh.
_sintonia() {
  local line
  local -a candidates
  for line in "\${(@f)$("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case "$line" in
      '') ;;
      :files) _files ;;
      :folders) _files -/ ;;
      *) candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  if (( \${#candidates} )); then _describe 'sintonia' candidates; fi
}
compdef _sintonia sintonia
`;

const FISH = `# Completion of sintonia in fish.
function __sintonia_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] __complete $words[2..-1] 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path (commandline -ct)
      case ':folders'
        __fish_complete_directories (commandline -ct)
      case '*'
        echo $line
    end
  end
end
complete -c sintonia -f -a '(__sintonia_complete)'
`;

/** The script of each shell. */
export const SHELL_SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
