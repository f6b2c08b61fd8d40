# Completion of xmpp-cfglint for bash: source this file, or install it as
# /usr/share/bash-completion/completions/xmpp-cfglint. It asks the program for
# its options and rules, so it knows those that there are.

# The first words of the lines that begin with the prefix.
_xmpp_cfglint_names() {
	local name

	xmpp-cfglint "$1" 2>/dev/null | while read -r name _; do
		[[ $name == "$2"* ]] && echo "$name"
	done
}

_xmpp_cfglint() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	local values=

	COMPREPLY=()
	case $before in
	--format) values="text gcc json sarif junit github" ;;
	--fail-on) values="error warning info never" ;;
	--color) values="auto always never" ;;
	--dump) values="terms terms-w" ;;
	--docs) values="rules options man" ;;
	--target) values="xmppd ejabberd-2.1 ejabberd-" ;;
	--disable|--only|--explain)
		values=$(_xmpp_cfglint_names --list-rules "") ;;
	--dialect) values="terms yaml" ;;
	--stdin-name|--who-can|--access|--jid|--ip|--host|--resolver) return ;;
	--baseline|--write-baseline)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return ;;
	esac
	if [ -n "$values" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
	elif [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W \
			"$(_xmpp_cfglint_names --help --)" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}

complete -o filenames -F _xmpp_cfglint xmpp-cfglint
