# Completion of xmpp-certgen for bash: source this file, or install it as
# /usr/share/bash-completion/completions/xmpp-certgen. It asks the program for
# its commands, options and rules, so it knows those that there are.

# The commands that the usage lists: "usage: NAME one | two | three [OPTION".
_xmpp_certgen_commands() {
	xmpp-certgen "$@" --help 2>/dev/null |
		sed -n '1s/^usage: \([a-z-]* \)*\([a-z-]* |.*\) \[.*/\2/p' |
		tr -d '|'
}

# The first words of the lines that begin with the prefix: PREFIX ARGUMENT...
_xmpp_certgen_names() {
	local prefix=$1 name

	shift
	xmpp-certgen "$@" 2>/dev/null | while read -r name _; do
		[[ $name == "$prefix"* ]] && echo "$name"
	done
}

_xmpp_certgen() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	local command=() values= depth=1

	COMPREPLY=()
	[ "$COMP_CWORD" -gt 1 ] && command=("${COMP_WORDS[1]}") depth=2
	if [ "${command[0]-}" = ca ] && [ "$COMP_CWORD" -gt 2 ]; then
		command+=("${COMP_WORDS[2]}")
		depth=3
	fi
	case $before in
	--format) values="text gcc json sarif junit github" ;;
	--fail-on) values="error warning info never" ;;
	--color) values="auto always never" ;;
	--starttls|--tls) values="c2s s2s" ;;
	--dialect) values="terms yaml" ;;
	--days) values="public public-2027 public-2029" ;;
	--key)
		values="ecdsa-p256 ecdsa-p384 ed25519 rsa-2048 rsa-3072
			rsa-4096 rsa-8192" ;;
	--disable|--only|--explain)
		values=$(_xmpp_certgen_names "" --list-rules) ;;
	--owner|--user) values=$(compgen -u) ;;
	--group) values=$(compgen -g) ;;
	--host|--component|--web-host|--target|--connect|--resolver|--ttl|\
	--timeout|--warn-days|--fail-days) return ;;
	--per-host)
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
		return ;;
	esac
	if [ -z "$values" ] && [[ $word == -* ]]; then
		values=$(_xmpp_certgen_names -- "${command[@]}" --help)
	elif [ -z "$values" ] && [ "$COMP_CWORD" -eq "$depth" ]; then
		values=$(_xmpp_certgen_commands "${command[@]}")
	fi
	if [ -n "$values" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}

complete -o filenames -F _xmpp_certgen xmpp-certgen
