using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Workbench.Data.Formats;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Persistence;

/// <summary>The application's own state in SQLite. Everything large lies in files; this is the catalogue over them.</summary>
public sealed class WorkbenchDbContext(DbContextOptions<WorkbenchDbContext> options) : DbContext(options)
{
    public DbSet<ModelEntry> Models => Set<ModelEntry>();

    public DbSet<DatasetEntry> Datasets => Set<DatasetEntry>();

    public DbSet<DatasetVersion> DatasetVersions => Set<DatasetVersion>();

    public DbSet<RunEntry> Runs => Set<RunEntry>();

    public DbSet<RunMetric> RunMetrics => Set<RunMetric>();

    public DbSet<TemplateEntry> Templates => Set<TemplateEntry>();

    public DbSet<TemplateVersion> TemplateVersions => Set<TemplateVersion>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(WorkbenchDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Properties<RunStatus>().HaveConversion<string>();
        configurationBuilder.Properties<RowShape>().HaveConversion<string>();
    }

    /// <summary>SQLite has no time type and cannot order EF's default text form; milliseconds since 1970 sort as numbers.</summary>
    private sealed class UnixMilliseconds()
        : ValueConverter<DateTimeOffset, long>(time => time.ToUnixTimeMilliseconds(), value => DateTimeOffset.FromUnixTimeMilliseconds(value));
}
