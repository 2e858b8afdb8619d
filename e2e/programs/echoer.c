/* Says back what it is told. */
#include <stdio.h>

int main(void)
{
    char line[200];

    printf("say something\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        printf("you said: %s", line);
        fflush(stdout);
    }
    return 0;
}
