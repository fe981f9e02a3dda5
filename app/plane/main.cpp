// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/commandline.h"

int main(int argc, char *argv[])
{
    return parapet::plane::runCommandLine(argc, argv);
}
