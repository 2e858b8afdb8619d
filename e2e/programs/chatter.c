/* Prints as many numbered lines as it is told to, then waits. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int lines = argc > 1 ? atoi(argv[1]) : 1000;

    for (int i = 1; i <= lines; i++)
        printf("line %d of %d\n", i, lines);
    fflush(stdout);
    for (;;)
        pause();
}
