using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Workbench.Web.Persistence.Migrations;

/// <summary>A queued run has a priority, and may be held back.</summary>
[DbContext(typeof(WorkbenchDbContext))]
[Migration("20261123203000_QueuePriorities")]
public sealed class QueuePriorities : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("Priority", "Runs", "INTEGER", nullable: false, defaultValue: 0);
        migrationBuilder.AddColumn<bool>("Held", "Runs", "INTEGER", nullable: false, defaultValue: false);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("Held", "Runs");
        migrationBuilder.DropColumn("Priority", "Runs");
    }
}
