# Becomes the program in "$2"..., with a guard beside it that no failure of the node outlives: bash -c GUARD guard DEADLINE PROGRAM...
# Standard input is a pipe from the node. Each line is a new deadline, in hundredths of a second of /proc/uptime; 'end' says that the
# program has ended. Past its deadline the program is stopped, until there is a later one. When the pipe ends, the node is dead or
# has given the program up, and it is killed.
exec 3<&0 </dev/null
program=$$ deadline=$1
shift
(
    {
        stopped=
        while true; do
            read -r up _ </proc/uptime
            left=$((deadline - 10#${up/./}))
            if [ $left -le 0 ]; then
                [ -n "$stopped" ] || kill -STOP "$program"
                stopped=1
                read -r line <&3
            else
                [ -z "$stopped" ] || kill -CONT "$program"
                stopped=
                printf -v wait '%d.%02d' $((left / 100)) $((left % 100))
                read -r -t "$wait" line <&3
            fi
            status=$?
            if [ $status -eq 0 ]; then
                [ "$line" != end ] || exit
                deadline=$line
            elif [ $status -le 128 ]; then
                kill -KILL "$program"
                exit
            fi
        done
    } >/dev/null 2>&1 &
)
exec 3<&-
exec "$@"
