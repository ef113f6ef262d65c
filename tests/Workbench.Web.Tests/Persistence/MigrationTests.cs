using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Persistence;

public sealed class MigrationTests
{
    [Fact]
    public async Task An_empty_folder_gets_the_whole_schema_and_write_ahead_logging()
    {
        await using var services = await TestServices.StartAsync();
        await using var context = services.Database();
        Assert.Empty(await context.Database.GetPendingMigrationsAsync());
        var tables = await context.Database.SqlQueryRaw<string>("SELECT name AS Value FROM sqlite_master WHERE type = 'table'").ToListAsync();
        Assert.Superset(
            new HashSet<string> { "Models", "Datasets", "DatasetVersions", "Runs", "RunMetrics", "Templates" }, tables.ToHashSet());
        var mode = await context.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").ToListAsync();
        Assert.Equal(["wal"], mode);
    }

    [Fact]
    public async Task The_hand_written_snapshot_says_what_the_entities_say()
    {
        await using var services = await TestServices.StartAsync();
        await using var context = services.Database();
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task The_migrations_create_the_very_columns_that_the_entities_ask_for()
    {
        await using var migrated = await TestServices.StartAsync();
        await using var context = migrated.Database();
        var fresh = new DbContextOptionsBuilder<Web.Persistence.WorkbenchDbContext>();
        var path = Path.Combine(migrated.Root, "fresh.db");
        Web.Persistence.WorkbenchDatabase.Configure(fresh, path);
        await using var created = new Web.Persistence.WorkbenchDbContext((DbContextOptions<Web.Persistence.WorkbenchDbContext>)fresh.Options);
        await created.Database.EnsureCreatedAsync();
        Assert.Equal(await ColumnsAsync(created), await ColumnsAsync(context));
    }

    [Fact]
    public async Task Times_come_back_as_they_went_in_and_sort()
    {
        await using var services = await TestServices.StartAsync();
        var early = DateTimeOffset.Parse("2026-11-23T01:02:03.456Z", CultureInfo.InvariantCulture);
        await using (var context = services.Database())
        {
            foreach (var (id, time) in new[] { ("b", early.AddMilliseconds(1)), ("a", early) })
            {
                context.Templates.Add(new() { Id = id, Name = id, Text = "", CreatedAt = time, UpdatedAt = time });
            }

            await context.SaveChangesAsync();
        }

        await using var again = services.Database();
        var rows = await again.Templates.OrderBy(template => template.CreatedAt).ToListAsync();
        Assert.Equal(["a", "b"], rows.Select(row => row.Id));
        Assert.Equal(early, rows[0].CreatedAt);
    }

    private static async Task<List<string>> ColumnsAsync(Web.Persistence.WorkbenchDbContext context) =>
        await context.Database.SqlQueryRaw<string>(
            """
            SELECT m.name || '.' || c.name || ' ' || c.type || CASE c."notnull" WHEN 1 THEN ' NOT NULL' ELSE '' END || ' pk' || c.pk AS Value
            FROM sqlite_master m JOIN pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE '\_\_%' ESCAPE '\' AND m.name NOT LIKE 'sqlite%'
            UNION ALL SELECT 'index ' || name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite%'
            ORDER BY 1
            """).ToListAsync();
}
